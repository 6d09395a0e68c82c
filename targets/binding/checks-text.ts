// The Python module of what a call is checked for, before anything is computed: tensors, shapes, dtypes, places in memory, rows.
// The same for every spec.

export const checksText = `"""What a call is checked for: errors say which tensor is wrong, and what to do."""
import torch

from . import description, library

NAMES = [name for name, *_ in description.INPUTS]
STORAGE = library.DTYPES[description.STORAGE]
# torch.library.custom_op came with PyTorch 2.4, as did autocast that is asked about by the type of a device.
HAS_CUSTOM_OP = all(hasattr(torch.library, name) for name in ('custom_op', 'register_fake', 'register_autograd'))
# Where a tensor begins in its storage cannot be traced.
is_compiling = getattr(getattr(torch, 'compiler', None), 'is_compiling', lambda: False)


def is_autocast(device):
    """Whether automatic mixed precision chooses the dtypes of calls on a device."""
    if device.type not in ('cuda', 'cpu'):
        return False
    if HAS_CUSTOM_OP:
        return torch.is_autocast_enabled(device.type)
    return torch.is_autocast_enabled() if device.type == 'cuda' else torch.is_autocast_cpu_enabled()


def is_empty(tensors):
    """Whether a call has no rows to give, or no batch entries."""
    batch, queries, _ = lengths(tensors)
    return batch == 0 or queries == 0


def lengths(tensors):
    """The sizes of a call by their letters: B, Tq and Tk as far as shapes have them."""
    sizes = {}
    for tensor, (_, _, shape, _, _, _) in zip(tensors, description.INPUTS):
        for letter, size in zip(shape, tensor.shape):
            if isinstance(letter, str):
                sizes.setdefault(letter, size)
    queries = sizes.get('Tq', sizes.get('Tk', 1))
    return sizes.get('B', 1), queries, sizes.get('Tk', queries)


def check_tensors(tensors):
    sizes = {}
    first, leading = tensors[0], description.LEADING
    for tensor, (name, _, shape, element, _, is_stored) in zip(tensors, description.INPUTS):
        if not isinstance(tensor, torch.Tensor):
            raise TypeError(f'{description.NAME}: {name} must be a tensor, not {type(tensor).__name__}')
        if tensor.is_complex() or tensor.is_floating_point() == (element == 'int'):
            kind = 'integers' if element == 'int' else 'floats'
            raise TypeError(f'{description.NAME}: {name} must hold {kind}, not {tensor.dtype}; convert it with {name}.to(...)')
        if tensor.device != first.device:
            raise ValueError(
                f'{description.NAME}: {name} is on {tensor.device}, but {NAMES[0]} is on {first.device}; '
                f'move it with {name}.to({NAMES[0]}.device)'
            )
        if is_stored and tensor.dtype != tensors[leading].dtype and not is_autocast(first.device):
            raise TypeError(
                f'{description.NAME}: {name} is of {tensor.dtype}, but {NAMES[leading]} is of {tensors[leading].dtype}; '
                f'convert it with {name}.to({NAMES[leading]}.dtype)'
            )
        wanted = ', '.join(str(size) for size in shape)
        if tensor.dim() != len(shape):
            raise ValueError(f'{description.NAME}: {name} must have the shape [{wanted}], not {list(tensor.shape)}')
        for letter, size in zip(shape, tensor.shape):
            known = sizes.setdefault(letter, size) if isinstance(letter, str) else letter
            if size != known or (size == 0 and letter not in ('B', 'Tq', 'Tk')):
                said = f', where {letter} is {known}' if isinstance(letter, str) else ''
                raise ValueError(f'{description.NAME}: {name} must have the shape [{wanted}]{said}, not {list(tensor.shape)}')
    if sizes.get('Tk') == 0 and not is_empty(tensors):
        raise ValueError(f'{description.NAME}: there are rows of queries, and no keys')


def check_rows(rows, queries, keys):
    """R, the number of last rows to give."""
    if queries == 0 and rows in (None, 0):
        return 0
    if rows is not None and not 1 <= rows <= queries:
        raise ValueError(f'{description.NAME}: rows is {rows}, but must be from 1 to the {queries} rows of queries')
    history = description.HISTORY
    if rows is None:
        rows = queries if queries >= keys else queries - history
    first = max(0, keys - max(rows, 1) - history)
    if queries < keys - first:
        raise ValueError(
            f'{description.NAME}: for {max(rows, 1)} rows of output, rows {first} ... {keys - 1} of q must be given, '
            f'{keys - first} rows: a row depends on the {history} above it; but q has {queries}'
        )
    return rows


def check_places(tensors):
    """Copies cost time: a tensor that would need one is refused, with what to do about it."""
    if not library.serves(tensors[0].device.type) or tensors[description.LEADING].dtype != STORAGE:
        return
    _, fields, inputs, _ = description.LAUNCHERS['plain']
    has_strides = dict(fields)
    for place, field, element, alignment in inputs:
        name, tensor = NAMES[place], tensors[place]
        if not has_strides[field] or tensor.dtype != library.DTYPES[element]:
            continue
        problem = library.problem_of(tensor, alignment)
        if problem is None and not is_compiling() and tensor.storage_offset() * tensor.element_size() % alignment != 0:
            problem = f'its rows must begin at multiples of {alignment} bytes'
        if problem is not None:
            raise ValueError(
                f'{description.NAME}: {name} has the strides {tuple(tensor.stride())}, or begins at a place, that kernels '
                f'do not take: {problem}; pass {name}.contiguous(), or {name}.clone() where it is contiguous'
            )
`;

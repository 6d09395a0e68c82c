// The Python module of the operator: checks of a call, its registration with PyTorch in the ways that old and new versions have,
// the way to eager PyTorch where kernels cannot serve, and gradients. The same for every spec.

export const operatorText = `"""The operator: what it checks, how PyTorch knows it, and when eager PyTorch takes over."""
import warnings
import zlib

import torch

from . import description, eager, gradients, library

# Two packages of the same text under different names are two operators.
_NAMESPACE = f'{description.OPERATOR}_{zlib.crc32(__name__.encode()):08x}'
_NAMES = [name for name, *_ in description.INPUTS]
_16_BITS = (torch.float16, torch.bfloat16)
_STORAGE = library.DTYPES[description.STORAGE]
_EAGER = getattr(eager, description.EAGER)
# torch.library.custom_op came with PyTorch 2.4; before, operators are registered key by key.
_HAS_CUSTOM_OP = all(hasattr(torch.library, name) for name in ('custom_op', 'register_fake', 'register_autograd'))
# Where a tensor begins in its storage cannot be traced.
_is_compiling = getattr(getattr(torch, 'compiler', None), 'is_compiling', lambda: False)

_said = set()


def _say_once(text):
    if text not in _said:
        _said.add(text)
        warnings.warn(f'{description.NAME}: {text}', stacklevel=2)


# ── Checks ──────────────────────────────────────────────────────────────────────────────────────────


def _lengths(tensors):
    """The sizes of a call by their letters: B, Tq and Tk as far as shapes have them."""
    sizes = {}
    for tensor, (_, _, shape, _, _, _) in zip(tensors, description.INPUTS):
        for letter, size in zip(shape, tensor.shape):
            if isinstance(letter, str):
                sizes.setdefault(letter, size)
    queries = sizes.get('Tq', sizes.get('Tk', 1))
    return sizes.get('B', 1), queries, sizes.get('Tk', queries)


def _check_tensors(tensors):
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
                f'{description.NAME}: {name} is on {tensor.device}, but {_NAMES[0]} is on {first.device}; '
                f'move it with {name}.to({_NAMES[0]}.device)'
            )
        if is_stored and tensor.dtype != tensors[leading].dtype:
            raise TypeError(
                f'{description.NAME}: {name} is of {tensor.dtype}, but {_NAMES[leading]} is of {tensors[leading].dtype}; '
                f'convert it with {name}.to({_NAMES[leading]}.dtype)'
            )
        wanted = ', '.join(str(size) for size in shape)
        if tensor.dim() != len(shape):
            raise ValueError(f'{description.NAME}: {name} must have the shape [{wanted}], not {list(tensor.shape)}')
        for letter, size in zip(shape, tensor.shape):
            known = sizes.setdefault(letter, size) if isinstance(letter, str) else letter
            if size != known or size == 0:
                said = f', where {letter} is {known}' if isinstance(letter, str) and size > 0 else ''
                raise ValueError(f'{description.NAME}: {name} must have the shape [{wanted}]{said}, not {list(tensor.shape)}')


def _check_rows(rows, queries, keys):
    """R, the number of last rows to give."""
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


def _check_places(tensors):
    """Copies cost time: a tensor that would need one is refused, with what to do about it."""
    if not library.serves(tensors[0].device.type) or tensors[description.LEADING].dtype != _STORAGE:
        return
    has_strides = dict(description.FIELDS)
    for tensor, (name, field, _, element, alignment, _) in zip(tensors, description.INPUTS):
        if field is None or not has_strides[field] or tensor.dtype != library.DTYPES[element]:
            continue
        problem = library.problem_of(tensor, alignment)
        if problem is None and not _is_compiling() and tensor.storage_offset() * tensor.element_size() % alignment != 0:
            problem = f'its rows must begin at multiples of {alignment} bytes'
        if problem is not None:
            raise ValueError(
                f'{description.NAME}: {name} has the strides {tuple(tensor.stride())}, or begins at a place, that kernels '
                f'do not take: {problem}; pass {name}.contiguous(), or {name}.clone() where it is contiguous'
            )


# ── What the operator computes ──────────────────────────────────────────────────────────────────────


def _empty_outputs(tensors, rows):
    batch, queries, keys = _lengths(tensors)
    sizes = {'B': batch, 'Tq': queries, 'Tk': keys, 'R': rows}
    like = tensors[description.LEADING]
    return [
        like.new_empty([sizes[size] if isinstance(size, str) else size for size in shape], dtype=_dtype(like.dtype, element, is_stored))
        for _, _, shape, element, is_stored in description.OUTPUTS
    ]


def _dtype(leading, element, is_stored):
    """The dtype of an output: statistics of tensors of 16 bits are float32, as they are in the kernels."""
    if element == 'int':
        return torch.int32
    return torch.float32 if leading in _16_BITS and not is_stored else leading


def reason_for_eager(q):
    """Why calls with queries like q run as eager PyTorch; None where the kernels serve them. Builds the kernels."""
    if library.serves(q.device.type) and q.dtype != _STORAGE:
        return f'the kernels are for {_STORAGE}, not {q.dtype}; compile the spec with another --dtype'
    try:
        library.kernel_for(q.device)
    except library.Unavailable as reason:
        return str(reason)
    return None


def _forward(*arguments):
    *tensors, rows = arguments
    batch, queries, keys = _lengths(tensors)
    reason = reason_for_eager(tensors[description.LEADING])
    if reason is None and max(queries, keys) > description.MOST_KEYS:
        reason = f'there are {queries} queries and {keys} keys, and the kernels take {description.MOST_KEYS}'
    if reason is None:
        outputs = _empty_outputs(tensors, rows)
        library.kernel_for(tensors[0].device).run(tensors, outputs, batch, queries, keys, rows)
    else:
        _say_once(f'runs as eager PyTorch, which holds all scores in memory: {reason}')
        storages = {_storage(tensor) for tensor in tensors}
        outputs = [
            output.clone(memory_format=torch.contiguous_format) if _storage(output) in storages else output.contiguous()
            for output in _eager_outputs(tensors, rows)
        ]
    return outputs[0] if len(outputs) == 1 else tuple(outputs)


def _storage(tensor):
    return (tensor.untyped_storage() if hasattr(tensor, 'untyped_storage') else tensor.storage()).data_ptr()


def _fake(*arguments):
    *tensors, rows = arguments
    outputs = _empty_outputs(tensors, rows)
    return outputs[0] if len(outputs) == 1 else tuple(outputs)


def _eager_outputs(tensors, rows):
    """The outputs by eager PyTorch, computed in float32 where tensors have 16 bits."""
    leading = tensors[description.LEADING].dtype
    dtype = torch.float32 if leading in _16_BITS else leading
    given = [tensor.to(dtype) if tensor.is_floating_point() else tensor for tensor in tensors]
    named = dict(zip(_NAMES[description.POSITIONAL:], given[description.POSITIONAL:]))
    if description.HAS_ROWS:
        named['rows'] = rows
    outputs = _EAGER(*given[:description.POSITIONAL], **named)
    return [
        output.to(_dtype(leading, element, is_stored))
        for output, (_, _, _, element, is_stored) in zip(
            outputs if isinstance(outputs, tuple) else (outputs,), description.OUTPUTS
        )
    ]


def _gradients(tensors, rows, wanted, given):
    """Gradients by eager PyTorch, which computes the outputs once more."""
    _say_once('gradients are computed by eager PyTorch, which holds all scores in memory: there are no kernels for them')
    with torch.enable_grad():
        inputs = [tensor.detach().requires_grad_(bool(is_wanted)) for tensor, is_wanted in zip(tensors, wanted)]
        pairs = [
            (output, gradient)
            for output, gradient in zip(_eager_outputs(inputs, rows), given)
            if gradient is not None and output.requires_grad
        ]
        leaves = [tensor for tensor in inputs if tensor.requires_grad]
        found = iter(
            torch.autograd.grad(
                [output for output, _ in pairs], leaves, [gradient for _, gradient in pairs], allow_unused=True
            )
            if pairs
            else [None] * len(leaves)
        )
    return gradients.differentiable_once([next(found) if tensor.requires_grad else None for tensor in inputs], tensors)


# ── Registration ────────────────────────────────────────────────────────────────────────────────────

_PARAMETERS = ', '.join([f'Tensor {name}' for name in _NAMES] + ['SymInt rows_'])
_RESULTS = 'Tensor' if len(description.OUTPUTS) == 1 else f'({", ".join("Tensor" for _ in description.OUTPUTS)})'
_SCHEMA = f'({_PARAMETERS}) -> {_RESULTS}'

if _HAS_CUSTOM_OP:
    _operator = torch.library.custom_op(f'{_NAMESPACE}::forward', _forward, mutates_args=(), schema=_SCHEMA)
    _operator.register_fake(_fake)

    def _keep(ctx, inputs, output):
        *tensors, rows = inputs
        ctx.save_for_backward(*tensors)
        ctx.rows = rows

    def _backward(ctx, *given):
        return (*_gradients(ctx.saved_tensors, ctx.rows, ctx.needs_input_grad[:-1], given), None)

    _operator.register_autograd(_backward, setup_context=_keep)
else:
    _definition = torch.library.Library(_NAMESPACE, 'DEF')
    _definition.define(f'forward{_SCHEMA}')
    _definition.impl('forward', _forward, 'CompositeExplicitAutograd')
    _definition.impl('forward', _fake, 'Meta')

    class _Differentiable(torch.autograd.Function):
        @staticmethod
        def forward(ctx, rows, *tensors):
            ctx.save_for_backward(*tensors)
            ctx.rows = rows
            return _forward_operator(*tensors, rows)

        @staticmethod
        def backward(ctx, *given):
            return (None, *_gradients(ctx.saved_tensors, ctx.rows, ctx.needs_input_grad[1:], given))


_forward_operator = getattr(torch.ops, _NAMESPACE).forward.default


def call(tensors, rows):
    """The outputs of a call, in a tuple. Raises TypeError and ValueError where a tensor does not fit."""
    _check_tensors(tensors)
    _, queries, keys = _lengths(tensors)
    rows = _check_rows(rows, queries, keys)
    _check_places(tensors)
    if _HAS_CUSTOM_OP or not (torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors)):
        outputs = _forward_operator(*tensors, rows)
    else:
        outputs = _Differentiable.apply(rows, *tensors)
    return outputs if isinstance(outputs, tuple) else (outputs,)
`;

// The Python module that turns kernels into a library and calls it: built by nvcc through torch.utils.cpp_extension when it is
// first needed, or ahead of time; called by ctypes through the launcher in C. The same for every spec.

export const libraryText = `"""The kernels as a library: built by nvcc when they are first needed, or ahead of time, and called through the launcher in C.

The library knows neither Python nor PyTorch: one build serves every version of both.
"""
import contextlib
import ctypes
import glob
import os
import threading

import torch

from . import description

DTYPES = {'float': torch.float32, 'float16': torch.float16, 'bfloat16': torch.bfloat16, 'int': torch.int32}

_FOLDER = os.path.dirname(os.path.abspath(__file__))
# Parts of the workspace begin at multiples of so many bytes.
_ALIGNMENT = 256


class Unavailable(Exception):
    """Why kernels cannot run on a device."""


class _Sizes(ctypes.Structure):
    # Launchers that have one program do not read the last field; 0 lets the others choose.
    _fields_ = [(name, ctypes.c_int) for name in ('batch', 'queries', 'keys', 'rows', 'alternative')]


class _Launcher:
    """The functions of one module of kernels. Calls do not wait for the device."""

    def __init__(self, library, alternatives, prefix, fields, inputs, outputs):
        self._library = library
        self._alternatives = alternatives
        self._has_strides = dict(fields)
        self._inputs, self._outputs = inputs, outputs
        members = []
        for name, has_strides in fields:
            members.append((name, ctypes.c_void_p))
            if has_strides:
                members.append((name + '_strides', ctypes.POINTER(ctypes.c_int64)))
        self._tensors = type('_Tensors', (ctypes.Structure,), {'_fields_': members})
        self._workspace_size = getattr(library, prefix + '_workspace_size')
        self._workspace_size.argtypes = [ctypes.POINTER(_Sizes)]
        self._workspace_size.restype = ctypes.c_size_t
        if alternatives:
            self._chosen = getattr(library, prefix + '_chosen')
            self._chosen.argtypes = [ctypes.POINTER(_Sizes)]
            self._chosen.restype = ctypes.c_int
        self._launch = getattr(library, prefix + '_launch')
        self._launch.argtypes = [
            ctypes.POINTER(self._tensors),
            ctypes.POINTER(_Sizes),
            ctypes.c_void_p,
            ctypes.c_size_t,
            ctypes.c_void_p,
        ]
        self._launch.restype = ctypes.c_int
        # The same function with a structure that is packed already, and sizes by their address.
        self.start = library[prefix + '_launch']
        self.start.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p]
        self.start.restype = ctypes.c_int

    def run(self, given, results, sizes):
        """Starts the kernels on the current stream. What is given may lie in any way; results are dense, None where nobody wants one.

        sizes: batch entries, queries, keys and rows.
        """
        device = next(result.device for result in results if result is not None)
        tensors, counts = self._tensors(), self._counts(sizes)
        # What the launcher points to must live until it returns, and copies until the kernels are in the stream's queue.
        kept = []
        with _on(device):
            for place, field, element, alignment in self._inputs:
                kept.append(_taken(given[place], element, alignment, self._has_strides[field]))
                self._set(tensors, field, kept)
            for place, field, _ in self._outputs:
                if results[place] is not None:
                    kept.append(results[place])
                    self._set(tensors, field, kept)
            needed = self._workspace_size(ctypes.byref(counts))
            workspace, place = workspace_of(needed, device) if needed else (None, None)
            stream = stream_of(device.index if device.type == 'cuda' else None)
            error = self._launch(ctypes.byref(tensors), ctypes.byref(counts), place, needed, stream)
        if error != 0:
            self.fail(error, sizes, device)

    def takes(self, given):
        """Whether tensors go to the kernels as they lie."""
        return all(
            given[place].dtype == DTYPES[element]
            and (problem_of(given[place], alignment) is None if self._has_strides[field] else given[place].is_contiguous())
            for place, field, element, alignment in self._inputs
        )

    def laid_out(self, given, results):
        """Where pointers go in the structure of tensors: of inputs, with the bits that must be 0, and of results; all members of the
        structure with the addresses of strides; and what holds those.
        """
        places, values, kept = {}, [], []
        held = {field: given[n] for n, field, _, _ in self._inputs}
        held.update({field: results[n] for n, field, _ in self._outputs})
        for field, has_strides in self._has_strides.items():
            places[field] = len(values)
            values.append(0)
            if has_strides:
                kept.append((ctypes.c_int64 * held[field].dim())(*held[field].stride()))
                values.append(ctypes.addressof(kept[-1]))
        inputs = [(places[field], n, alignment - 1) for n, field, _, alignment in self._inputs]
        return inputs, [(places[field], n) for n, field, _ in self._outputs], values, kept

    def prepared(self, sizes, device):
        """The sizes of a call as the launcher reads them, and the bytes of workspace that it needs."""
        counts = self._counts(sizes)
        with _on(device):
            return counts, self._workspace_size(ctypes.byref(counts))

    def fail(self, error, sizes, device):
        named = ', '.join(f'{name}={size}' for (name, _), size in zip(_Sizes._fields_, sizes))
        raise RuntimeError(f'{description.NAME}: the launcher says {self._name_of(error)}, for {named} on {device}')

    def chosen(self, device, sizes):
        """The name of the alternative that a call takes; None where there is one program."""
        counts = self._counts(sizes)
        with _on(device):
            place = self._chosen(ctypes.byref(counts)) if self._alternatives else 0
        return self._alternatives[place - 1] if place > 0 else None

    def _counts(self, sizes):
        return _Sizes(*sizes, self._alternatives.index(_asked) + 1 if _asked in self._alternatives else 0)

    def _set(self, tensors, field, kept):
        tensor = kept[-1]
        setattr(tensors, field, tensor.data_ptr())
        if self._has_strides[field]:
            strides = (ctypes.c_int64 * tensor.dim())(*tensor.stride())
            kept.append(strides)
            setattr(tensors, field + '_strides', strides)

    def _name_of(self, error):
        try:
            said = self._library.cudaGetErrorString
        except AttributeError:
            return f'CUDA error {error}'
        said.restype = ctypes.c_char_p
        return f'CUDA error {error}, {said(ctypes.c_int(error)).decode()}'


class Kernel:
    """A library that is loaded: its launchers by what they are for."""

    def __init__(self, path):
        library = ctypes.CDLL(path)
        self.launchers = {
            role: _Launcher(library, description.ALTERNATIVES if role == 'plain' else (), *record)
            for role, record in description.LAUNCHERS.items()
        }


def _on(device):
    return torch.cuda.device(device) if device.type == 'cuda' else contextlib.nullcontext()


# PyTorch's own generated code asks for streams so: without an object around each.
_raw_stream = getattr(torch._C, '_cuda_getCurrentRawStream', None)


def stream_of(index):
    """The current stream of a CUDA device, for C; None where there is no device."""
    if index is None:
        return None
    return torch.cuda.current_stream(index).cuda_stream if _raw_stream is None else _raw_stream(index)


def workspace_of(needed, device):
    """A workspace, and where it begins for the launcher."""
    workspace = torch.empty(needed + _ALIGNMENT, dtype=torch.uint8, device=device)
    return workspace, -(-workspace.data_ptr() // _ALIGNMENT) * _ALIGNMENT


def _taken(tensor, element, alignment, has_strides):
    """The tensor as the launcher takes it: itself where it lies as it should, else a copy."""
    tensor = tensor.to(DTYPES[element])
    if not has_strides:
        return tensor.contiguous()
    if problem_of(tensor, alignment) is None and tensor.data_ptr() % alignment == 0:
        return tensor
    return tensor.clone(memory_format=torch.contiguous_format)


def problem_of(tensor, alignment):
    """What keeps the launcher from taking a tensor with its strides; None where nothing does."""
    if tensor.dim() > 0 and tensor.shape[-1] > 1 and tensor.stride(-1) != 1:
        return 'its last axis must be contiguous'
    size = tensor.element_size()
    for axis in range(tensor.dim() - 1):
        if tensor.shape[axis] > 1 and tensor.stride(axis) * size % alignment != 0:
            return f'its rows must begin at multiples of {alignment} bytes'
    return None


# ── Libraries of devices ───────────────────────────────────────────────────────────────────────────

_lock = threading.Lock()
# By compute capability, or by the type of a device that a library was given for: the kernel, or why there is none.
_known = {}
_given = {}


_memories = []


def remembered():
    """A dictionary of what follows from the kernels that are in use: emptied where others are."""
    _memories.append({})
    return _memories[-1]


def _forget():
    for each in _memories:
        each.clear()


def use_library(path, device_type='cuda'):
    """Runs the kernels of a library that was built elsewhere, on all devices of a type."""
    _given[device_type] = Kernel(path)
    _forget()


_asked = None


def use_alternative(name):
    """Takes one of the alternatives that calls without gradients choose between; with None they choose again."""
    global _asked
    if name is not None and name not in description.ALTERNATIVES:
        raise ValueError(f'{description.NAME}: there is no alternative {name!r}, but {description.ALTERNATIVES}')
    _asked = name
    _forget()


def chosen_alternative(device, batch, queries, keys, rows=None):
    """The alternative that a call of these sizes takes on a device; None where there is one program. Raises Unavailable."""
    launcher = kernel_for(torch.device(device)).launchers['plain']
    return launcher.chosen(torch.device(device), (batch, queries, keys, queries if rows is None else rows))


def serves(device_type):
    """Whether kernels run on devices of a type at all."""
    return device_type == 'cuda' or device_type in _given


def kernel_for(device):
    """The kernels for a device; builds them where they are not. Raises Unavailable with the reason."""
    if device.type in _given:
        return _given[device.type]
    if device.type != 'cuda':
        raise Unavailable(f'tensors are on {device}, and kernels run on CUDA devices')
    if torch.version.cuda is None:
        raise Unavailable('this PyTorch is not built with CUDA')
    capability = torch.cuda.get_device_capability(device)
    with _lock:
        if capability not in _known:
            try:
                _known[capability] = Kernel(_library_for(capability))
            except (Unavailable, OSError) as error:
                _known[capability] = error
    found = _known[capability]
    if isinstance(found, Kernel):
        return found
    raise Unavailable(str(found))


def _library_for(capability):
    major, minor = capability
    wanted = description.ARCHITECTURE
    if wanted is not None and wanted != f'{major}{minor}a':
        raise Unavailable(f'kernels were compiled for sm_{wanted}, and the device is of compute capability {major}.{minor}')
    if capability < (8, 0):
        raise Unavailable(f'kernels need compute capability 8.0, and the device has {major}.{minor}')
    built = sorted(glob.glob(os.path.join(_FOLDER, '_kernels*.so')))
    return built[0] if built else _build(wanted or f'{major}{minor}')


def _build(architecture):
    """Compiles the kernels for one architecture; what was built before is used again. The path of the library."""
    from torch.utils import cpp_extension

    if cpp_extension.CUDA_HOME is None:
        raise Unavailable('there is no CUDA compiler; install the CUDA toolkit, or let CUDA_HOME name it')
    name = f'{description.OPERATOR}_sm_{architecture}'
    root = os.environ.get('TORCH_EXTENSIONS_DIR') or cpp_extension.get_default_build_root()
    folder = os.path.join(root, 'torch_' + torch.__version__.replace('+', '_'), name)
    try:
        os.makedirs(folder, exist_ok=True)
        cpp_extension.load(
            name=name,
            sources=[os.path.join(_FOLDER, source) for source in description.SOURCES],
            extra_cuda_cflags=['-O3', '-std=c++17', f'-gencode=arch=compute_{architecture},code=sm_{architecture}'],
            # Several packages may define functions of one name: each calls its own.
            extra_ldflags=['-Wl,-Bsymbolic'],
            build_directory=folder,
            with_cuda=True,
            is_python_module=False,
        )
    except Exception as error:  # whatever stands in the way, eager PyTorch does not need it
        # Lines of hundreds of characters are commands, not what went wrong.
        lines = [line.strip() for line in str(error).splitlines() if 0 < len(line.strip()) < 300]
        shown = [line for line in lines if 'error' in line.lower() or 'cannot' in line][:3] or lines[:3]
        raise Unavailable('kernels could not be built: ' + ' / '.join(shown)) from error
    return os.path.join(folder, name + '.so')
`;

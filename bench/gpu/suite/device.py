"""The device as the worker has it: packages of forms with their libraries, random inputs, streams, and what a hang left behind."""
import contextlib
import ctypes
import importlib.util
import os
import sys
import warnings

import torch

from .hang import waited
from .programs import Skipped

# Words of the record of a wait in vain, as the kernels write it.
_RECORD = ('line', 'barrier', 'parity', 'block', 'thread')


class Device:
    def __init__(self, root, is_dry, seed):
        self.root = root
        self.is_dry = is_dry
        self.seed = seed
        self.torch = torch.device('cpu' if is_dry else 'cuda:0')
        self.is_cuda = self.torch.type == 'cuda'
        self.cache = {}
        self._packages = {}
        self._functions = {}
        self._records = {}
        # Specs without gradient kernels have eager gradients, and in a dry run everything may be eager; that kernels run elsewhere is checked, call by call.
        warnings.filterwarnings('ignore', message='.*computed by eager PyTorch' + ('|.*runs as eager PyTorch' if is_dry else ''))

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    def synchronize(self):
        if self.is_cuda:
            torch.cuda.synchronize()

    def release(self):
        """Nothing of one entry may be in the memory of the next."""
        self.cache.clear()
        if self.is_cuda:
            torch.cuda.empty_cache()

    @contextlib.contextmanager
    def other_stream(self):
        """A stream that is not the current one; what was started before is done."""
        if not self.is_cuda:
            yield
            return
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            yield
        stream.synchronize()

    # ── Packages ────────────────────────────────────────────────────────────────────────────────────

    def package(self, form):
        """The Python package of a form with its library; a path of None leaves it to eager PyTorch."""
        key = (form['folder'], form['path'])
        if key not in self._packages:
            package = Package(self.path(form['folder'], form['package']))
            if form['path'] is not None:
                load(form['path'])
                package.has_library = True
                package.module.use_library(form['path'], self.torch.type)
                self._watch(form)
            self._packages[key] = package
        return self._packages[key]

    def eager_package(self, form):
        """The package for what eager PyTorch computes: kernels are not asked for."""
        return self.package({**form, 'path': None})

    def low(self, variant):
        """The function whose nodes are rounded one by one: the yardstick of the error rule."""
        return self.function(variant['low'])

    def function(self, described):
        """A function of a module of the folder."""
        path = self.path(described['path'])
        if path not in self._functions:
            self._functions[path] = getattr(_module(path), described['function'])
        return self._functions[path]

    def must_run(self, package, tensors):
        """Eager PyTorch would pass every check, and prove nothing of the kernels."""
        reason = None if self.is_dry else package.why_not(tensors)
        if reason is not None:
            raise RuntimeError(f'it runs as eager PyTorch: {reason}')

    def must_train(self, package, tensors):
        """The same of gradients; in a dry run too, where there is a library."""
        if self.is_dry and not package.has_library:
            return
        reason = package.why_not_gradients(tensors)
        if reason is not None:
            raise RuntimeError(f'gradients are those of eager PyTorch: {reason}')

    # ── Waits in vain ───────────────────────────────────────────────────────────────────────────────

    def _watch(self, form):
        """Gives a library memory of the host to write down where a wait was in vain: it outlives the device's."""
        for module in form['modules'] if self.is_cuda else ():
            watchdog = getattr(load(form['path']), module['prefix'] + '_watchdog', None)
            if watchdog is None:
                continue
            record = torch.zeros(1 + len(_RECORD), dtype=torch.int32).pin_memory()
            watchdog.argtypes = [ctypes.c_void_p]
            if watchdog(record.data_ptr()) == 0:
                self._records[module['source']] = (module, record)

    def waits_in_vain(self):
        """What kernels have written down of waits that were too long, in words."""
        return '; '.join(
            waited(self.root, module, dict(zip(_RECORD, record.tolist()[1:]))) for module, record in self._records.values() if record[0] != 0
        )


_modules = {}
_loaded = {}


def load(path):
    """A library by ctypes. Raises OSError where it does not load."""
    if path not in _loaded:
        _loaded[path] = ctypes.CDLL(path)
    return _loaded[path]


def _module(path, folder=None, name=None):
    """A module or package under a name of its own: many packages here have the same name."""
    name = name or f'suite_module_{len(_modules)}'
    if name in _modules:
        return _modules[name]
    searched = None if folder is None else [folder]
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=searched)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    _modules[name] = module
    return module


class Package:
    """An emitted package: its function, its eager form, and what its tensors are called."""

    _count = 0

    def __init__(self, folder):
        Package._count += 1
        # A package of its own for each library: they differ in what they have loaded.
        module = _module(os.path.join(folder, '__init__.py'), folder, f'suite_package_{Package._count}')
        self.module = module
        # Without one, eager PyTorch computes everything.
        self.has_library = False
        self.description = sys.modules[module.__name__ + '.description']
        eager = sys.modules[module.__name__ + '.eager']
        self.eager_path = eager.__file__
        self.function = getattr(module, self.description.EAGER)
        self.eager = getattr(eager, self.description.EAGER)
        self.inputs = [name for name, *_ in self.description.INPUTS]
        self.outputs = [name for name, *_ in self.description.OUTPUTS]
        self.stored = {row[0] for row in self.description.INPUTS if row[5]}

    def call(self, function, tensors, rows=None):
        """Outputs by name, of any of the functions of this spec."""
        positional = self.description.POSITIONAL
        named = {name: tensors[name] for name in self.inputs[positional:]}
        if self.description.HAS_ROWS:
            named['rows'] = rows
        outputs = function(*[tensors[name] for name in self.inputs[:positional]], **named)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        return dict(zip(self.outputs, outputs))

    def run(self, tensors, rows=None):
        return self.call(self.function, tensors, rows)

    def why_not(self, tensors):
        """Why a call would not run on the kernels; None where it does."""
        return self.module.reason_for_eager(tensors[self.inputs[self.description.LEADING]])

    def why_not_gradients(self, tensors):
        """Why gradients of a call would not be those of kernels; None where they are."""
        return self.module.reason_for_eager_gradients(tensors[self.inputs[self.description.LEADING]])

    def draw(self, batch, queries, keys, device):
        """Inputs at random: vectors of variance 1, parameters around 0, all of them exact in the dtype of the kernels."""
        generator = torch.Generator(device=device.torch)
        generator.manual_seed(device.seed)
        sizes = {'B': batch, 'Tq': queries, 'Tk': keys}
        dtype = {'float': torch.float32, 'float16': torch.float16, 'bfloat16': torch.bfloat16}[self.description.STORAGE]
        tensors = {}
        for name, _, shape, element, _, is_stored in self.description.INPUTS:
            extent = [sizes[size] if isinstance(size, str) else size for size in shape]
            if element == 'int':
                raise Skipped(f'{name} holds integers, which only cases with a truth of their own have')
            drawn = torch.randn(extent, generator=generator, device=device.torch)
            drawn = drawn if is_stored else 0.3 * drawn
            tensors[name] = drawn.to(dtype) if is_stored else drawn.to(dtype).float()
        return tensors


def shape_of(variant, length):
    """Rows of queries that a call at a length takes, and how many of outputs it gives (None for all)."""
    is_step = variant['workload'].endswith('decode')
    return (1 + variant['history'], 1) if is_step else (length, None)


def in_dtype(tensors, dtype):
    return {name: tensor.to(dtype) if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}

"""What all parts share: the folder, the options, the device, time that is left, and the results so far."""
import importlib.util
import json
import os
import sys
import time
import warnings

import torch


class Skipped(Exception):
    """Something cannot be done here; the text says why."""


class Context:
    def __init__(self, root, options):
        self.root = root
        self.options = options
        self.is_dry = options.dry_run
        self.began = time.monotonic()
        with open(os.path.join(root, 'suite.json'), encoding='utf-8') as file:
            self.description = json.load(file)
        self.variants = [
            variant
            for variant in self.description['variants']
            if not options.match or any(text in variant['name'] for text in options.match)
        ]
        if not self.is_dry and not torch.cuda.is_available():
            raise SystemExit('PyTorch sees no CUDA device; --dry-run tries the suite without one')
        # Gradients are meant to be eager, and in a dry run everything is; that kernels run elsewhere is checked, call by call.
        warnings.filterwarnings('ignore', message='.*computed by eager PyTorch' + ('|.*runs as eager PyTorch' if self.is_dry else ''))
        self.device = torch.device('cpu' if self.is_dry else 'cuda:0')
        self.capability = None if self.is_dry else torch.cuda.get_device_capability(self.device)
        # Libraries by the folder of a form; empty where nothing is built.
        self.libraries = {}
        self.results = {'problems': [], 'failures': [], 'left_out': []}
        self._deadline = self.began + options.budget
        self._packages = {}

    # ── Time ────────────────────────────────────────────────────────────────────────────────────────

    def elapsed(self):
        return time.monotonic() - self.began

    def left(self):
        return self._deadline - time.monotonic()

    def share(self, part):
        """The end of a part that may take a share of the time that is left."""
        return time.monotonic() + max(0.0, self.left()) * part

    # ── Results ─────────────────────────────────────────────────────────────────────────────────────

    def say(self, text):
        print(f'[{self.elapsed():6.1f} s] {text}', flush=True)

    def fail(self, text):
        """Something is wrong with what was compiled: the run ends with an error."""
        self.results['failures'].append(text)
        self.say('FAILED: ' + text)

    def problem(self, text):
        """Something could not be done; what was compiled may be right all the same."""
        self.results['problems'].append(text)
        self.say('problem: ' + text)

    def leave_out(self, text):
        self.results['left_out'].append(text)
        self.say('left out: ' + text)

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    # ── Variants ────────────────────────────────────────────────────────────────────────────────────

    def forms(self, variant):
        """The forms of a variant that can run here: those that are built, and in a dry run all of them."""
        return [form for form in variant['forms'] if self.is_dry or form['folder'] in self.libraries]

    def package(self, form):
        """The Python package of a form, with the library that was built for it."""
        folder = form['folder']
        if folder not in self._packages:
            self._packages[folder] = Package(self.path(folder, form['package']), self.libraries.get(folder))
        return self._packages[folder]

    def low(self, variant):
        """The function whose nodes are rounded one by one: the yardstick of the error rule."""
        low = variant['low']
        return getattr(_module(self.path(low['path'])), low['function'])


_modules = {}


def _module(path, folder=None):
    """A module or package under a name of its own: many packages here have the same name."""
    if path not in _modules:
        name = f'suite_module_{len(_modules)}'
        searched = None if folder is None else [folder]
        spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=searched)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        _modules[path] = module
    return _modules[path]


class Package:
    """An emitted package: its function, its eager form, and what its tensors are called."""

    def __init__(self, folder, library):
        module = _module(os.path.join(folder, '__init__.py'), folder)
        self.module = module
        self.description = sys.modules[module.__name__ + '.description']
        eager = sys.modules[module.__name__ + '.eager']
        self.eager_path = eager.__file__
        self.function = getattr(module, self.description.EAGER)
        self.eager = getattr(eager, self.description.EAGER)
        self.inputs = [name for name, *_ in self.description.INPUTS]
        self.outputs = [name for name, *_ in self.description.OUTPUTS]
        if library is not None:
            module.use_library(library, 'cuda')

    def call(self, function, tensors, rows=None):
        """Outputs by name, of any of the functions of this spec."""
        positional = self.description.POSITIONAL
        named = {name: tensors[name] for name in self.inputs[positional:]}
        if self.description.HAS_ROWS:
            named['rows'] = rows
        outputs = function(*[tensors[name] for name in self.inputs[:positional]], **named)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        return dict(zip(self.outputs, outputs))

    def why_not(self, tensors):
        """Why a call would not run on the kernels; None where it does."""
        return self.module.reason_for_eager(tensors[self.inputs[self.description.LEADING]])

    def draw(self, batch, queries, keys, seed, device):
        """Inputs at random: vectors of variance 1, parameters around 0, all of them exact in the dtype of the kernels."""
        generator = torch.Generator(device='cpu')
        generator.manual_seed(seed)
        sizes = {'B': batch, 'Tq': queries, 'Tk': keys}
        dtype = {'float': torch.float32, 'float16': torch.float16, 'bfloat16': torch.bfloat16}[self.description.STORAGE]
        tensors = {}
        for name, _, shape, element, _, is_stored in self.description.INPUTS:
            extent = [sizes[size] if isinstance(size, str) else size for size in shape]
            if element == 'int':
                raise Skipped(f'{name} holds integers, which only cases with a truth of their own have')
            if device.type == 'cpu':
                drawn = torch.randn(extent, generator=generator)
            else:
                # On the device: a sequence of 16k takes long to draw on the host.
                own = torch.Generator(device=device)
                own.manual_seed(seed + len(tensors))
                drawn = torch.randn(extent, generator=own, device=device)
            drawn = drawn if is_stored else 0.3 * drawn
            tensors[name] = drawn.to(dtype) if is_stored else drawn.to(dtype).float()
        return tensors


def in_dtype(tensors, dtype):
    return {name: tensor.to(dtype) if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}


def is_out_of_memory(error):
    return 'out of memory' in str(error).lower()

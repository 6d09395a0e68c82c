"""Who is timed: our forms, SDPA, and rivals that take long to be made, each for what it can express; training.py has those of training."""
import contextlib
import types
import warnings

import torch
import torch.nn.functional as F

from .programs import Skipped
from .work import WINDOW

# What a user would write computes in the dtype of its tensors; the emitted module computes 16 bits in float32.
_WIDENS = 'dtype = torch.float32 if given in (torch.float16, torch.bfloat16) else given'
BACKENDS = {'SDPA cudnn': 'CUDNN_ATTENTION', 'SDPA flash': 'FLASH_ATTENTION'}


def contenders(device, arguments, tensors, rows):
    """(name, what makes it): our forms and, where it can say the workload, SDPA. Making raises Skipped with the reason."""
    workload = arguments['variant']['workload']
    found = [(f"heddle {form['form']}", lambda form=form: _ours(device, form, tensors, rows)) for form in arguments['forms']]
    if workload in ('causal', 'decode'):
        found += [(name, lambda backend=backend: sdpa(backend, workload, tensors)) for name, backend in BACKENDS.items()]
    return found


def rivals(device, arguments, tensors, rows):
    """The one rival that is asked for, beside nobody."""
    package = device.eager_package(arguments['forms'][0])
    narrow = in_own_dtype(tensors)
    made = {
        'eager': lambda: lambda: package.call(package.eager, narrow, rows),
        'eager in bf16': lambda: eager_in_own_dtype(package, narrow, rows),
        'torch.compile': lambda: _compiled(package, narrow, rows),
        'FlexAttention': lambda: flex(arguments['variant']['workload'], tensors, arguments['length']),
    }
    return [(arguments['contender'], made[arguments['contender']])]


def in_own_dtype(tensors):
    """All tensors in the dtype of the queries, as a model in that dtype has them."""
    return {name: tensor if name in ('q', 'k', 'v') else tensor.to(tensors['q'].dtype) for name, tensor in tensors.items()}


def _ours(device, form, tensors, rows):
    package = device.package(form)
    reason = None if device.is_dry else package.why_not(tensors)
    if reason is not None:
        raise Skipped(f'it would run as eager PyTorch: {reason}')
    return lambda: package.run(tensors, rows)


def _own_dtype(package):
    """The eager form with products of 16 bits on tensor cores, as a model in bf16 would have it."""
    with open(package.eager_path, encoding='utf-8') as file:
        text = file.read()
    if text.count(_WIDENS) != 1:
        raise Skipped('the eager module does not say where it widens')
    module = types.ModuleType('eager_in_own_dtype')
    exec(compile(text.replace(_WIDENS, 'dtype = given'), package.eager_path, 'exec'), module.__dict__)
    return getattr(module, package.description.EAGER)


def eager_in_own_dtype(package, tensors, rows):
    function = _own_dtype(package)
    return lambda: package.call(function, tensors, rows)


def _compiled(package, tensors, rows):
    if not hasattr(torch, 'compile'):
        raise Skipped('this PyTorch has no torch.compile')
    function = torch.compile(_own_dtype(package), dynamic=False, fullgraph=True)
    return lambda: package.call(function, tensors, rows)


def flex(workload, tensors, length):
    try:
        from torch.nn.attention.flex_attention import create_block_mask, flex_attention
    except ImportError:
        raise Skipped('this PyTorch has no FlexAttention') from None
    masks = {
        'causal': lambda b, h, i, j: i >= j,
        'window': lambda b, h, i, j: (i >= j) & (i - j < WINDOW),
    }
    if workload not in masks:
        raise Skipped('FlexAttention cannot say this workload')
    q, k, v = tensors['q'], tensors['k'], tensors['v']
    mask = create_block_mask(masks[workload], None, None, length, length, device=str(q.device))
    function = torch.compile(flex_attention, dynamic=False)
    return lambda: function(q, k, v, block_mask=mask)


def sdpa(name, workload, tensors):
    if not hasattr(F, 'scaled_dot_product_attention'):
        raise Skipped('this PyTorch has no SDPA')
    try:
        from torch.nn.attention import SDPBackend, sdpa_kernel
    except ImportError:
        raise Skipped('this PyTorch cannot choose backends of SDPA') from None
    backend = getattr(SDPBackend, name, None)
    if backend is None:
        raise Skipped('this PyTorch has no such backend')
    q, k, v = tensors['q'], tensors['k'], tensors['v']
    # One query sees all keys: PyTorch would place it at the first of them.
    is_causal = workload == 'causal'

    def run():
        with sdpa_kernel(backend):
            return F.scaled_dot_product_attention(q, k, v, is_causal=is_causal)

    return run


@contextlib.contextmanager
def quietly():
    """Without gradients, but for calls that ask for them, and without warnings that repeat themselves."""
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter('ignore')
        yield

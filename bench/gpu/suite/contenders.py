"""Who is timed beside the kernels: eager PyTorch, torch.compile of it, FlexAttention and SDPA, for what each can express."""
import contextlib
import types

import torch
import torch.nn.functional as F

from .context import Skipped

WINDOW = 1024
# What a user would write computes in the dtype of its tensors; the emitted module computes 16 bits in float32.
_WIDENS = 'dtype = torch.float32 if given in (torch.float16, torch.bfloat16) else given'


def eager_in_own_dtype(package):
    """The eager form with products of 16 bits on tensor cores, as a model in bf16 would have it."""
    with open(package.eager_path, encoding='utf-8') as file:
        text = file.read()
    if text.count(_WIDENS) != 1:
        raise Skipped('the eager module does not say where it widens')
    module = types.ModuleType('eager_in_own_dtype')
    exec(compile(text.replace(_WIDENS, 'dtype = given'), package.eager_path, 'exec'), module.__dict__)
    return getattr(module, package.description.EAGER)


def contenders(context, variant, tensors, rows, length, head_dim):
    """(name, what makes it) for one workload; making raises Skipped with the reason where it cannot take part."""
    workload = variant['workload']
    forms = context.forms(variant)
    if not forms:
        raise Skipped('nothing was built')
    if hasattr(torch, '_dynamo'):
        # What was compiled for other shapes neither counts nor is kept.
        torch._dynamo.reset()
    found = [(f"heddle {form['form']}", lambda form=form: _ours(context, form, tensors, rows)) for form in forms]
    package = context.package(forms[0])
    narrow = {name: tensor if name in ('q', 'k', 'v') else tensor.to(tensors['q'].dtype) for name, tensor in tensors.items()}
    found.append(('eager', lambda: _eager(package, package.eager, narrow, rows)))
    found.append(('eager in bf16', lambda: _eager(package, eager_in_own_dtype(package), narrow, rows)))
    is_compiled = head_dim in context.options.compile_head_dims
    is_traced = is_compiled and length in context.options.compile_lengths
    found.append(('torch.compile', (lambda: _compiled(package, narrow, rows)) if is_traced else _not_asked))
    if workload in ('causal', 'window'):
        found.append(('FlexAttention', (lambda: _flex(workload, tensors, length)) if is_compiled else _not_asked))
    if workload in ('causal', 'decode'):
        for name in ('CUDNN_ATTENTION', 'FLASH_ATTENTION', 'EFFICIENT_ATTENTION'):
            found.append((f"SDPA {name.split('_')[0].lower()}", lambda name=name: _sdpa(name, workload, tensors)))
    return found


def _not_asked():
    raise Skipped('compiled for other lengths and head sizes only: see --compile-lengths and --compile-head-dims')


def _ours(context, form, tensors, rows):
    package = context.package(form)
    reason = None if context.is_dry else package.why_not(tensors)
    if reason is not None:
        raise Skipped(f'it would run as eager PyTorch: {reason}')
    return lambda: package.call(package.function, tensors, rows)


def _eager(package, function, tensors, rows):
    return lambda: package.call(function, tensors, rows)


def _compiled(package, tensors, rows):
    if not hasattr(torch, 'compile'):
        raise Skipped('this PyTorch has no torch.compile')
    function = torch.compile(eager_in_own_dtype(package), dynamic=False, fullgraph=True)
    return lambda: package.call(function, tensors, rows)


def _flex(workload, tensors, length):
    try:
        from torch.nn.attention.flex_attention import create_block_mask, flex_attention
    except ImportError:
        raise Skipped('this PyTorch has no FlexAttention') from None
    masks = {
        'causal': lambda b, h, i, j: i >= j,
        'window': lambda b, h, i, j: (i >= j) & (i - j < WINDOW),
    }
    q, k, v = tensors['q'], tensors['k'], tensors['v']
    mask = create_block_mask(masks[workload], None, None, length, length, device=str(q.device))
    function = torch.compile(flex_attention, dynamic=False)
    return lambda: function(q, k, v, block_mask=mask)


def _sdpa(name, workload, tensors):
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
    """Without gradients and without warnings that repeat themselves."""
    import warnings

    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter('ignore')
        yield

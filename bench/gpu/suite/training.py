"""Times of training steps, forward and backward, and of both apart: our forms, SDPA, and rivals that take long to be made."""
import torch
import torch.nn.functional as F

from .contenders import BACKENDS, eager_in_own_dtype, flex, in_own_dtype, sdpa
from .programs import Skipped
from .timing import Parts, measured
from .work import training_of


def training(device, arguments):
    """Our forms and SDPA, in turns."""
    return _with_counts(arguments, measured(device, arguments, _contenders, _workload(arguments)))


def training_rival(device, arguments):
    """One contender that takes long to be made, alone."""
    return measured(device, arguments, _rivals, _workload(arguments))


def _workload(arguments):
    return training_of(arguments['variant']['workload'])


def _contenders(device, arguments, tensors, rows):
    leaves = _leaves(tensors)
    found = [(f"heddle {form['form']}", lambda form=form: _ours(device, form, leaves)) for form in arguments['forms']]
    if arguments['variant']['workload'] == 'causal':
        found += [
            (name, lambda backend=backend: step(sdpa(backend, 'causal', leaves), leaves)) for name, backend in BACKENDS.items()
        ]
    return found


def _rivals(device, arguments, tensors, rows):
    package = device.eager_package(arguments['forms'][0])
    workload = arguments['variant']['workload']
    leaves, narrow = _leaves(tensors), _leaves(in_own_dtype(tensors))
    made = {
        'eager': lambda: step(_first_of(package, lambda: package.call(package.eager, narrow)), narrow),
        'eager in bf16': lambda: step(_first_of(package, eager_in_own_dtype(package, narrow, None)), narrow),
        'materialised': lambda: step(_materialised(workload, narrow), narrow),
        'FlexAttention': lambda: step(flex(workload, leaves, arguments['length']), leaves),
    }
    return [(arguments['contender'], made[arguments['contender']])]


def _leaves(tensors):
    return {name: tensor.detach().clone().requires_grad_() for name, tensor in tensors.items()}


def _first_of(package, call):
    """The first of the outputs: the loss depends on no other."""
    return lambda: call()[package.outputs[0]]


def _ours(device, form, leaves):
    package = device.package(form)
    device.must_train(package, leaves)
    return step(_first_of(package, lambda: package.run(leaves)), leaves)


def step(forward, leaves):
    """A forward that keeps what its gradients need and a backward with an incoming gradient of ones; and each of them alone."""
    sources = list(leaves.values())

    def kept():
        with torch.enable_grad():
            return forward()

    ones = torch.ones_like(kept())

    def backward(output):
        torch.autograd.grad(output, sources, ones)

    return Parts(lambda: backward(kept()), {'forward': (kept,), 'backward': (backward, kept)})


def _materialised(workload, tensors):
    """
    Multi-Token Attention as its authors write it: all scores in memory, in the dtype of the model, one convolution with a kernel for
    each head, a softmax in float32 (github.com/facebookresearch/RAM, projects/mta).
    """
    if workload != 'mta':
        raise Skipped('it is written for Multi-Token Attention alone')
    q, k, v, theta = (tensors[name] for name in ('q', 'k', 'v', 'theta_pre'))
    length, (heads, taps, width) = q.shape[2], theta.shape
    hidden = torch.ones(length, length, dtype=torch.bool, device=q.device).triu(1)

    def run():
        scores = (q @ k.transpose(2, 3) * q.shape[3] ** -0.5).masked_fill(hidden, 0.0)
        # Rows above, and keys to both sides.
        padded = F.pad(scores, (width // 2, width - 1 - width // 2, taps - 1, 0))
        scores = F.conv2d(padded, theta[:, None], groups=heads).masked_fill(hidden, float('-inf'))
        return scores.float().softmax(-1).to(v.dtype) @ v

    return run


def _with_counts(arguments, found):
    """Adds to our entries what their kernels compute, as `heddle explain --backward` counts it, where the folder has it for the length."""
    counts = {f"heddle {form['form']}": form['training'].get('operations', {}).get(str(arguments['length'])) for form in arguments['forms']}
    for entry in found.get('measured', []):
        count = counts.get(entry['contender'])
        if count is None or 'median_ms' not in entry:
            continue
        entry['counted_operations'] = count
        entry['counted_tflops'] = sum(count.values()) / (entry['median_ms'] * 1e-3) * 1e-12
        backward = entry['parts']['backward'].get('median_ms')
        if backward is not None:
            entry['counted_backward_tflops'] = count['backward'] / (backward * 1e-3) * 1e-12
    return found

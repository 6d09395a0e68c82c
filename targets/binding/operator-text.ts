// The Python module of the operators: their registration with PyTorch in the ways that old and new versions have, automatic mixed
// precision, gradients, and the call. The same for every spec.

export const operatorText = `"""The operators: how PyTorch knows them, their gradients, and the call."""
import zlib

import torch

from . import computation, description, gradients, plans
from .checks import (
    HAS_CUSTOM_OP, NAMES, STORAGE, check_places, check_rows, check_tensors, is_autocast, is_compiling, is_empty, lengths
)
from .computation import reason_for_eager, reason_for_eager_gradients

# Two packages of the same text under different names are two sets of operators.
_NAMESPACE = f'{description.OPERATOR}_{zlib.crc32(__name__.encode()):08x}'
_HAS_KERNELS = description.WHY_EAGER_GRADIENTS is None

# ── Gradients ───────────────────────────────────────────────────────────────────────────────────────


def _keep(ctx, inputs, output, saved=()):
    *tensors, ctx.rows = inputs
    ctx.save_for_backward(*tensors, *saved)
    ctx.set_materialize_grads(False)


def _plain_backward(ctx, *given):
    tensors, wanted = ctx.saved_tensors, ctx.needs_input_grad[:-1]
    if is_empty(tensors):
        return _found(ctx, tensors, _zeros(tensors, wanted))
    reason = description.WHY_EAGER_GRADIENTS or 'the operator for outputs alone was called'
    return _found(ctx, tensors, computation.eager_gradients(tensors, ctx.rows, wanted, given, reason))


def _zeros(tensors, wanted):
    return [torch.zeros_like(tensor) if is_wanted else None for tensor, is_wanted in zip(tensors, wanted)]


def _found(ctx, tensors, found):
    return (*gradients.differentiable_once(found, tensors), None)


def _keep_saved(ctx, inputs, output):
    results = output if isinstance(output, tuple) else (output,)
    _keep(ctx, inputs, output, [results[n] for n in description.SAVED])


def _kept_backward(ctx, *given):
    tensors, saved = ctx.saved_tensors[:len(NAMES)], ctx.saved_tensors[len(NAMES):]
    wanted, rows = [bool(each) for each in ctx.needs_input_grad[:-1]], ctx.rows
    if is_empty(tensors):
        return _found(ctx, tensors, _zeros(tensors, wanted))
    # Rows above those that are wanted have cotangents of 0, and what is kept has none.
    reason = computation.reason_of_call(tensors)
    if reason is not None:
        last = [
            gradient if gradient is None else computation.last_rows(gradient, shape, rows)
            for gradient, (_, _, shape, _, _) in zip(given, description.OUTPUTS)
        ]
        return _found(ctx, tensors, computation.eager_gradients(tensors, rows, wanted, last, reason))
    _, queries, _ = lengths(tensors)
    cotangents = [
        output.zero_() if gradient is None else gradient
        for output, gradient in zip(computation.empty_outputs(tensors, queries), given)
    ]
    with torch.no_grad():
        found = iter(_backward_operator(list(tensors), list(saved), cotangents, wanted))
    return _found(ctx, tensors, [next(found) if is_wanted else None for is_wanted in wanted])


# ── Registration ────────────────────────────────────────────────────────────────────────────────────


def _results(count):
    return 'Tensor' if count == 1 else f'({", ".join(["Tensor"] * count)})'


_PARAMETERS = ', '.join([f'Tensor {name}' for name in NAMES] + ['SymInt rows_'])
_BACKWARD = '(Tensor[] tensors, Tensor[] saved, Tensor[] cotangents, bool[] wanted) -> Tensor[]'
# It must live as long as what it registers.
_definition = torch.library.Library(_NAMESPACE, 'FRAGMENT' if HAS_CUSTOM_OP else 'DEF')


def _defined(name, schema, compute, fake, keep=None, backward=None):
    """An operator with its fake implementation and its gradients.

    custom_op is the same with layers of Python around each call, which together take several times as long as the call.
    """
    if HAS_CUSTOM_OP:
        _definition.define(f'{name}{schema}', tags=(torch.Tag.pt2_compliant_tag,))
        torch.library.register_fake(f'{_NAMESPACE}::{name}', fake, lib=_definition)
    else:
        _definition.define(f'{name}{schema}')
        _definition.impl(name, fake, 'Meta')
    _definition.impl(name, compute, 'CompositeExplicitAutograd')
    operator = getattr(getattr(torch.ops, _NAMESPACE), name).default
    if backward is not None and HAS_CUSTOM_OP:
        torch.library.register_autograd(f'{_NAMESPACE}::{name}', backward, setup_context=keep, lib=_definition)
    elif backward is not None:
        _definition.impl(name, _autograd_of(operator, keep, backward), 'Autograd')
    return operator


def _autograd_of(operator, keep, backward):
    """What custom_op makes of a backward, for versions without it."""

    class Differentiable(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *arguments):
            # An object that is in force while it lives; a context manager from 2.0 on.
            below = torch._C._AutoDispatchBelowAutograd()
            if hasattr(below, '__enter__'):
                with below:
                    output = operator(*arguments)
            else:
                output = operator(*arguments)
                del below
            keep(ctx, arguments, output)
            return output

        @staticmethod
        def backward(ctx, *given):
            return backward(ctx, *given)

    return Differentiable.apply


def _autocast_of(operator, device_type):
    """What the operator is under automatic mixed precision: kernels of 16 bits take that dtype, those of 32 float32."""

    def cast(*arguments):
        *tensors, rows = arguments
        with torch.autocast(device_type, enabled=False):
            return operator(*_cast(tensors, device_type, dtype_of(device_type)), rows)

    def dtype_of(device_type):
        if STORAGE == torch.float32:
            return torch.float32
        if HAS_CUSTOM_OP:
            return torch.get_autocast_dtype(device_type)
        return torch.get_autocast_gpu_dtype() if device_type == 'cuda' else torch.get_autocast_cpu_dtype()

    return cast


def _cast(tensors, device_type, dtype):
    """As PyTorch casts for operators of its own: floats of the device but float64; parameters and tables stay as they are."""
    return [
        tensor.to(dtype)
        if is_stored and tensor.is_floating_point() and tensor.dtype != torch.float64 and tensor.device.type == device_type
        else tensor
        for tensor, (_, _, _, _, _, is_stored) in zip(tensors, description.INPUTS)
    ]


def _register_autocast(name, operator):
    for device_type, key in (('cuda', 'AutocastCUDA'), ('cpu', 'AutocastCPU')):
        _definition.impl(name, _autocast_of(operator, device_type), key)


_forward_operator = _defined(
    'forward', f'({_PARAMETERS}) -> {_results(len(description.OUTPUTS))}',
    computation.plain, computation.plain_fake, _keep, _plain_backward,
)
_register_autocast('forward', _forward_operator)
# Calls that nobody differentiates need no formula for gradients, nor the time to find that out.
_outputs_operator = _defined(
    'outputs', f'({_PARAMETERS}) -> {_results(len(description.OUTPUTS))}', computation.plain, computation.plain_fake
)
_register_autocast('outputs', _outputs_operator)
if _HAS_KERNELS:
    _keeping_operator = _defined(
        'keeping', f'({_PARAMETERS}) -> {_results(len(description.OUTPUTS) + len(description.KEPT))}',
        computation.keeping, computation.keeping_fake, _keep_saved, _kept_backward,
    )
    _register_autocast('keeping', _keeping_operator)
    _backward_operator = _defined('backward', _BACKWARD, computation.backward, computation.backward_fake)


def call(tensors, rows):
    """The outputs of a call, in a tuple. Raises TypeError and ValueError where a tensor does not fit."""
    # What is traced is checked each time: a signature has numbers, and the sizes of such tensors may be none.
    known, signature = (None, None) if is_compiling() else plans.known_rows(tensors, rows)
    if known is None:
        check_tensors(tensors)
        _, queries, keys = lengths(tensors)
        rows = check_rows(rows, queries, keys)
        check_places(tensors)
        # Mixed precision takes tensors that other calls must not bring.
        if not is_autocast(tensors[0].device):
            plans.remember_rows(signature, rows)
    else:
        rows = known
    is_differentiated = torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors)
    if not (is_differentiated and _HAS_KERNELS):
        outputs = (_forward_operator if is_differentiated else _outputs_operator)(*tensors, rows)
        return outputs if isinstance(outputs, tuple) else (outputs,)
    results = _keeping_operator(*tensors, rows)
    results = results if isinstance(results, tuple) else (results,)
    return tuple(
        result if rows == lengths(tensors)[1] else computation.last_rows(result, shape, rows)
        for result, (_, _, shape, _, _) in zip(results, description.OUTPUTS)
    )
`;

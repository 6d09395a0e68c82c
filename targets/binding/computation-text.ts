// The Python module of what operators compute: outputs, what a training step keeps and gradients, by kernels or by eager PyTorch where
// those cannot serve. The same for every spec.

export const computationText = `"""What the operators compute: by kernels, or by eager PyTorch where those cannot serve."""
import contextlib
import warnings

import torch

from . import description, eager, library, plans
from .checks import NAMES, STORAGE, is_empty, lengths

_16_BITS = (torch.float16, torch.bfloat16)
_EAGER = getattr(eager, description.EAGER)

_said = set()


def _say_once(text):
    if text not in _said:
        _said.add(text)
        warnings.warn(f'{description.NAME}: {text}', stacklevel=2)


# ── Who computes ────────────────────────────────────────────────────────────────────────────────────


def reason_for_eager(q):
    """Why calls with queries like q run as eager PyTorch; None where the kernels serve them. Builds the kernels."""
    if library.serves(q.device.type) and q.dtype != STORAGE:
        return f'the kernels are for {STORAGE}, not {q.dtype}; compile the spec with another --dtype'
    try:
        library.kernel_for(q.device)
    except library.Unavailable as reason:
        return str(reason)
    return None


def reason_for_eager_gradients(q):
    """Why gradients of calls with queries like q are those of eager PyTorch; None where kernels compute them."""
    return description.WHY_EAGER_GRADIENTS or reason_for_eager(q)


def reason_of_call(tensors):
    """Why a call runs as eager PyTorch; None where the kernels serve it."""
    _, queries, keys = lengths(tensors)
    reason = reason_for_eager(tensors[description.LEADING])
    if reason is None and max(queries, keys) > description.MOST_KEYS:
        reason = f'there are {queries} queries and {keys} keys, and the kernels take {description.MOST_KEYS}'
    return reason


# ── Outputs ─────────────────────────────────────────────────────────────────────────────────────────


def _sized(shape, tensors, rows):
    sizes = dict(zip(('B', 'Tq', 'Tk'), lengths(tensors)), R=rows)
    return [sizes[size] if isinstance(size, str) else size for size in shape]


def _dtype(leading, element, is_stored):
    """The dtype of an output: statistics of tensors of 16 bits are float32, as they are in the kernels."""
    if element == 'int':
        return torch.int32
    return torch.float32 if leading in _16_BITS and not is_stored else leading


def empty_outputs(tensors, rows):
    like = tensors[description.LEADING]
    return [
        like.new_empty(_sized(shape, tensors, rows), dtype=_dtype(like.dtype, element, is_stored))
        for _, _, shape, element, is_stored in description.OUTPUTS
    ]


def _empty_kept(tensors):
    like = tensors[description.LEADING]
    return [like.new_empty(_sized(shape, tensors, None), dtype=library.DTYPES[element]) for shape, element in description.KEPT]


def _planned(role, tensors, rows):
    """The results of a call that is known, None of another; and its signature."""
    signature = plans.signature_of(tensors, rows)
    plan = plans.plan_of(role, signature)
    return None if plan is None else plan.run(tensors), signature


def _run(role, given, results, tensors, rows):
    library.kernel_for(tensors[0].device).launchers[role].run(given, results, (*lengths(tensors), rows))


def _without_autocast(device):
    return torch.autocast(device.type, enabled=False) if device.type in ('cuda', 'cpu') else contextlib.nullcontext()


def _eager_outputs(tensors, rows):
    """The outputs by eager PyTorch, computed in float32 where tensors have 16 bits."""
    leading = tensors[description.LEADING].dtype
    dtype = torch.float32 if leading in _16_BITS else leading
    given = [tensor.to(dtype) if tensor.is_floating_point() else tensor for tensor in tensors]
    named = dict(zip(NAMES[description.POSITIONAL:], given[description.POSITIONAL:]))
    if description.HAS_ROWS:
        named['rows'] = rows
    with _without_autocast(tensors[0].device):
        outputs = _EAGER(*given[:description.POSITIONAL], **named)
    return [
        output.to(_dtype(leading, element, is_stored))
        for output, (_, _, _, element, is_stored) in zip(
            outputs if isinstance(outputs, tuple) else (outputs,), description.OUTPUTS
        )
    ]


def _storage(tensor):
    return (tensor.untyped_storage() if hasattr(tensor, 'untyped_storage') else tensor.storage()).data_ptr()


def _said_eager_outputs(tensors, rows, reason):
    _say_once(f'runs as eager PyTorch, which holds all scores in memory: {reason}')
    storages = {_storage(tensor) for tensor in tensors}
    return [
        output.clone(memory_format=torch.contiguous_format) if _storage(output) in storages else output.contiguous()
        for output in _eager_outputs(tensors, rows)
    ]


def _packed(results):
    return results[0] if len(results) == 1 else tuple(results)


def plain(*arguments):
    """The last rows of the outputs."""
    *tensors, rows = arguments
    outputs, signature = _planned('plain', tensors, rows)
    if outputs is not None:
        return _packed(outputs)
    outputs = empty_outputs(tensors, rows)
    if not is_empty(tensors):
        reason = reason_of_call(tensors)
        if reason is not None:
            return _packed(_said_eager_outputs(tensors, rows, reason))
        _run('plain', tensors, outputs, tensors, rows)
        plans.remember_plan('plain', signature, tensors, outputs, (*lengths(tensors), rows))
    return _packed(outputs)


def plain_fake(*arguments):
    *tensors, rows = arguments
    return _packed(empty_outputs(tensors, rows))


def last_rows(tensor, shape, rows):
    """The last rows of an output that holds all of them."""
    if 'R' not in shape:
        return tensor
    axis = shape.index('R')
    return tensor.narrow(axis, tensor.shape[axis] - rows, rows)


def keeping(*arguments):
    """All rows of the outputs, and what the backward takes beside them. Only the last rows are those of a call."""
    *tensors, rows = arguments
    results, signature = _planned('keeping', tensors, rows)
    if results is not None:
        return _packed(results)
    _, queries, _ = lengths(tensors)
    results = [*empty_outputs(tensors, queries), *_empty_kept(tensors)]
    if not is_empty(tensors):
        reason = reason_of_call(tensors)
        if reason is None:
            _run('keeping', tensors, results, tensors, queries)
            plans.remember_plan('keeping', signature, tensors, results, (*lengths(tensors), queries))
        else:
            for result in results:
                result.zero_()
            outputs = _said_eager_outputs(tensors, rows, reason)
            for result, output, (_, _, shape, _, _) in zip(results, outputs, description.OUTPUTS):
                last_rows(result, shape, rows).copy_(output)
    return _packed(results)


def keeping_fake(*arguments):
    *tensors, _ = arguments
    _, queries, _ = lengths(tensors)
    return _packed([*empty_outputs(tensors, queries), *_empty_kept(tensors)])


# ── Gradients ───────────────────────────────────────────────────────────────────────────────────────


def backward(tensors, saved, cotangents, wanted):
    """The gradients that are wanted, by kernels: those that serve none of them are not started."""
    results = [None] * len(tensors)
    written = {n for writes, serves in description.TOGETHER if any(wanted[n] for n in serves) for n in writes}
    for n, _, element in description.LAUNCHERS['backward'][3]:
        if n in written:
            results[n] = torch.empty(tensors[n].shape, dtype=library.DTYPES[element], device=tensors[n].device)
    _, queries, _ = lengths(tensors)
    _run('backward', [*tensors, *saved, *cotangents], results, tensors, queries)
    return [result.to(tensor.dtype) for result, tensor, is_wanted in zip(results, tensors, wanted) if is_wanted]


def backward_fake(tensors, saved, cotangents, wanted):
    return [tensor.new_empty(tensor.shape) for tensor, is_wanted in zip(tensors, wanted) if is_wanted]


def eager_gradients(tensors, rows, wanted, given, reason):
    """Gradients by eager PyTorch, which computes the outputs once more."""
    _say_once(f'gradients are computed by eager PyTorch, which holds all scores in memory: {reason}')
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
    return [next(found) if tensor.requires_grad else None for tensor in inputs]
`;

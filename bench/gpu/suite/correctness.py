"""Checks named variants: outputs against eager PyTorch on this device, and the same bits whatever way a call is made."""
import contextlib

import torch

from .device import in_dtype, shape_of
from .layouts import LAYOUTS
from .programs import Skipped
from .rule import judge

PRECISIONS = {'bf16': torch.bfloat16, 'f16': torch.float16, 'f32': torch.float32}


def same_bits(one, other):
    return all(bool(((one[name] == other[name]) | (torch.isnan(one[name]) & torch.isnan(other[name]))).all()) for name in one)


def verdict(checks, **more):
    """The answer of a list of checks: wrong, with the first reason, where any of them has failed."""
    wrong = [each for each in checks if not each['passed']]
    if not wrong:
        return {'status': 'done', 'said': f'{len(checks)} checks passed', 'checks': checks, **more}
    reason = f"{wrong[0]['what']}: {wrong[0]['reason']}" + (f' (and {len(wrong) - 1} more)' if len(wrong) > 1 else '')
    return {'status': 'wrong', 'reason': reason, 'checks': checks, **more}


def bits_check(what, one, other):
    passed = same_bits(one, other)
    return {'what': what, 'passed': passed, **({} if passed else {'reason': 'gives other bits'})}


def first(device, arguments):
    """The first launch of a form: its outputs by the rule, and the same bits from a second run."""
    with torch.no_grad():
        _, checks = _judged(device, arguments, arguments['length'], 0)
    return verdict(checks, origin=arguments['forms'][0]['origin'])


def correctness(device, arguments):
    """
    A form at a length: outputs by the rule, of all rows or, where eager PyTorch cannot hold all scores, of the last rows of the whole
    and of a part; then other strides, another stream and a second run, which must give the same bits.
    """
    length, last_rows = arguments['length'], arguments['last_rows']
    variant, form = arguments['variant'], arguments['forms'][0]
    package = device.package(form)
    _, rows = shape_of(variant, length)
    with torch.no_grad():
        tensors, checks = _judged(device, arguments, length, last_rows)
        plain = package.run(tensors, rows)
        checks.append(bits_check('a second run', plain, package.run(tensors, rows)))
        with device.other_stream():
            other = package.run(tensors, rows)
        checks.append(bits_check('another stream', plain, other))
        for name, lay_out in LAYOUTS:
            laid = lay_out(package, tensors)
            dense = {each: tensor.contiguous() for each, tensor in laid.items()}
            checks.append(bits_check(name, package.run(dense, rows), package.run(laid, rows)))
    return verdict(checks)


def _judged(device, arguments, length, last_rows):
    """Random inputs of a call, and what the rule says of its outputs."""
    variant, form = arguments['variant'], arguments['forms'][0]
    package = device.package(form)
    queries, rows = shape_of(variant, length)
    tensors = package.draw(1, queries, length, device)
    device.must_run(package, tensors)
    checks = []
    if last_rows == 0 or rows is not None:
        out = package.run(tensors, rows)
        device.synchronize()
        gold, low = _references(device, variant, package, tensors, rows)
        for name in package.outputs:
            checks.append({'what': f'{name} at {length}', **judge(out[name], gold[name], low[name], variant['dtype'])})
        return tensors, checks
    out = package.run(tensors, rows)
    device.synchronize()
    for end in (length, length // 2 + 37):
        part = _prefix(package, tensors, end, last_rows + variant['history'])
        gold, low = _references(device, variant, package, part, last_rows)
        for name in package.outputs:
            found = out[name][:, :, end - last_rows:end]
            what = f'{name}, rows {end - last_rows} ... {end - 1} of {length}'
            checks.append({'what': what, **judge(found, gold[name], low[name], variant['dtype'])})
    return tensors, checks


def _prefix(package, tensors, end, rows):
    """The last rows of queries of the first `end` positions, with all keys up to there."""
    part = {}
    for name, _, shape, *_ in package.description.INPUTS:
        tensor = tensors[name]
        for axis, size in enumerate(shape):
            if size == 'Tk':
                tensor = tensor.narrow(axis, 0, end)
            elif size == 'Tq':
                tensor = tensor.narrow(axis, end - rows, rows)
        part[name] = tensor.contiguous()
    return part


@contextlib.contextmanager
def wide_references():
    """References by eager PyTorch in no less than float32. What it cannot do says nothing of the kernels: there is no room for it."""
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False
    try:
        yield
    except RuntimeError as error:
        if 'out of memory' not in str(error).lower():
            raise
        raise Skipped(f'eager PyTorch: {str(error)[:300]}') from None
    finally:
        torch.backends.cudnn.allow_tf32 = True


def _references(device, variant, package, tensors, rows):
    """Gold is eager PyTorch in float64, low the same with every node rounded; neither in less than float32."""
    with wide_references():
        gold = package.call(package.eager, in_dtype(tensors, torch.float64), rows)
        low = package.call(device.low(variant), in_dtype(tensors, PRECISIONS[variant['dtype']]), rows)
    return gold, low

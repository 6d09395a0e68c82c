"""Checks outputs: small cases against the truth that came with the folder, real sizes against eager PyTorch on this device."""
import json
import time

import torch

from .context import Skipped, in_dtype
from .rule import judge

_DTYPES = {'float32': torch.float32, 'float64': torch.float64, 'int32': torch.int32}
_PRECISIONS = {'bf16': torch.bfloat16, 'f16': torch.float16, 'f32': torch.float32}
# Rows whose eager form is computed where whole sequences are too long for it.
_LAST_ROWS = 128


def check(context):
    # What finds most is first: all small cases, then real sizes, the longest last.
    steps = [(f"{variant['name']}", lambda variant=variant: _golden(context, variant)) for variant in context.variants if variant['cases']]
    named = [variant for variant in context.variants if 'workload' in variant]
    short, long = (70, 400) if context.is_dry else (1000, 8192)
    for length in (short, long):
        for variant in named:
            steps.append((f"{variant['name']} at {length}", lambda variant=variant, length=length: _real(context, variant, length, long)))
    steps.append(('the operator', lambda: _operator(context, named)))
    until = context.share(0.5)
    done = []
    # Yardsticks are computed in float32, and not in less.
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False
    context.results['correctness'] = done
    for name, step in steps:
        if time.monotonic() > until:
            context.leave_out(f'correctness of {name}: out of time')
            continue
        try:
            done.extend(step())
        except Skipped as reason:
            context.leave_out(f'correctness of {name}: {reason}')
        except Exception as error:  # one variant must not keep the others from being checked
            context.fail(f'{name}: {type(error).__name__}: {error}')
        if context.device.type == 'cuda':
            torch.cuda.empty_cache()
    torch.backends.cudnn.allow_tf32 = True
    wrong = [each for each in done if not each['passed']]
    context.say(f'{len(done) - len(wrong)} of {len(done)} checks passed')


def _record(context, name, form, what, judgement):
    entry = {'variant': name, 'form': form, 'what': what, **judgement}
    if not judgement['passed']:
        context.fail(f"{name}, {form}, {what}: {judgement.get('reason', 'wrong')}")
    return entry


def _same_bits(one, other):
    return all(torch.equal(one[name].view(-1), other[name].view(-1)) or _same_with_nan(one[name], other[name]) for name in one)


def _same_with_nan(one, other):
    return bool(((one == other) | (torch.isnan(one) & torch.isnan(other))).all())


def _judged(context, variant, form, what, package, tensors, rows, gold, low):
    """The outputs of a form by the rule, and the same bits from a second run."""
    _must_run(context, package, tensors)
    with torch.no_grad():
        out = package.call(package.function, tensors, rows)
        again = package.call(package.function, tensors, rows)
    entries = []
    for name in package.outputs:
        judgement = judge(out[name], gold[name], low[name], variant['dtype'])
        entries.append(_record(context, variant['name'], form['form'], f'{name}, {what}', judgement))
    if not _same_bits(out, again):
        judgement = {'passed': False, 'error': float('inf'), 'bound': 0.0, 'reason': 'a second run gives other bits'}
        entries.append(_record(context, variant['name'], form['form'], what, judgement))
    return out, entries


def _must_run(context, package, tensors):
    """Eager PyTorch would pass every check, and prove nothing of the kernels."""
    reason = None if context.is_dry else package.why_not(tensors)
    if reason is not None:
        raise RuntimeError(f'runs as eager PyTorch: {reason}')


# ── Cases with their truth ─────────────────────────────────────────────────────────────────────────


def read_case(context, path):
    """The parts of a case: inputs, gold and low, each by name; and its rows."""
    with open(context.path(path + '.json'), encoding='utf-8') as file:
        case = json.load(file)
    with open(context.path(path + '.bin'), 'rb') as file:
        numbers = bytearray(file.read())
    parts = {'input': {}, 'gold': {}, 'low': {}}
    for each in case['tensors']:
        dtype = _DTYPES[each['dtype']]
        count = 1
        for size in each['shape']:
            count *= size
        tensor = torch.frombuffer(numbers, dtype=dtype, count=count, offset=each['offset']).reshape(each['shape'])
        parts[each['part']][each['name']] = tensor.to(context.device)
    return parts, case['shape']


def _golden(context, variant):
    entries = []
    for path in variant['cases']:
        parts, shape = read_case(context, path)
        what = '{batch}x{queries}x{keys}, {rows} rows'.format(**shape)
        for form in context.forms(variant):
            package = context.package(form)
            given = {}
            stored = {row[0] for row in package.description.INPUTS if row[5]}
            for name, argument in variant['arguments'].items():
                tensor = parts['input'][name]
                given[argument] = tensor.to(_PRECISIONS[variant['dtype']]) if argument in stored else tensor
            _, found = _judged(context, variant, form, what, package, given, shape['rows'], _renamed(package, parts['gold']), _renamed(package, parts['low']))
            entries.extend(found)
    return entries


def _renamed(package, outputs):
    """Outputs of a case, which are in the order of the spec, under their names in Python."""
    return dict(zip(package.outputs, outputs.values()))


# ── Real sizes ──────────────────────────────────────────────────────────────────────────────────────


def _real(context, variant, length, long):
    forms = context.forms(variant)
    if not forms:
        raise Skipped('nothing was built')
    package = context.package(forms[0])
    is_decode = variant['workload'].endswith('decode')
    queries = 1 + variant['history'] if is_decode else length
    rows = 1 if is_decode else None
    tensors = package.draw(1, queries, length, context.options.seed, context.device)
    entries = []
    if is_decode or length < long:
        gold, low = _references(context, variant, package, tensors, rows)
        for form in forms:
            what = f'1x{queries}x{length} against eager'
            _, found = _judged(context, variant, form, what, context.package(form), tensors, rows, gold, low)
            entries.extend(found)
        return entries
    # Eager PyTorch holds all scores: of long sequences it computes the last rows of the whole and of a part.
    for end in (length, length // 2 + 37):
        part = _prefix(package, tensors, end, _LAST_ROWS + variant['history'])
        gold, low = _references(context, variant, package, part, _LAST_ROWS)
        for form in forms:
            own = context.package(form)
            _must_run(context, own, tensors)
            with torch.no_grad():
                out = own.call(own.function, tensors)
            for name in own.outputs:
                found = out[name][:, :, end - _LAST_ROWS:end]
                judgement = judge(found, gold[name], low[name], variant['dtype'])
                what = f'{name}, rows {end - _LAST_ROWS} ... {end - 1} of 1x{length}x{length} against eager'
                entries.append(_record(context, variant['name'], form['form'], what, judgement))
            del out
    return entries


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


def _references(context, variant, package, tensors, rows):
    try:
        with torch.no_grad():
            gold = package.call(package.eager, in_dtype(tensors, torch.float64), rows)
            low = package.call(context.low(variant), in_dtype(tensors, _PRECISIONS[variant['dtype']]), rows)
    except RuntimeError as error:  # what eager PyTorch cannot do says nothing of the kernels
        raise Skipped(f'eager PyTorch: {str(error)[:300]}') from None
    return gold, low


# ── The operator ────────────────────────────────────────────────────────────────────────────────────


def _operator(context, named):
    """Gradients, strides of a projection, other streams and torch.compile, on plain attention."""
    variant = next((each for each in named if each['workload'] == 'causal' and context.forms(each)), None)
    if variant is None:
        raise Skipped('plain attention was not built')
    form = context.forms(variant)[0]
    package = context.package(form)
    batch, heads, length = 2, package.description.INPUTS[0][2][1], 70
    tensors = package.draw(batch, length, length, context.options.seed, context.device)
    _must_run(context, package, tensors)
    entries = []

    def record(what, passed, reason=''):
        judgement = {'passed': bool(passed), 'error': 0.0, 'bound': 0.0, **({} if passed else {'reason': reason or 'differs'})}
        entries.append(_record(context, variant['name'], form['form'], what, judgement))

    with torch.no_grad():
        plain = package.call(package.function, tensors)
        strided = {
            name: tensor.transpose(1, 2).contiguous().transpose(1, 2) if tensor.dim() == 4 else tensor
            for name, tensor in tensors.items()
        }
        record('strides', _same_bits(plain, package.call(package.function, strided)))
        if not context.is_dry:
            stream = torch.cuda.Stream()
            stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(stream):
                other = package.call(package.function, tensors)
            stream.synchronize()
            record('another stream', _same_bits(plain, other))

    leaves = {name: tensor.clone().requires_grad_() for name, tensor in tensors.items()}
    wide = {name: tensor.double().requires_grad_() for name, tensor in tensors.items()}
    weights = torch.randn(batch, heads, length, plain['out'].shape[-1], device=context.device, dtype=torch.float64)
    (package.call(package.function, leaves)['out'].double() * weights).sum().backward()
    (package.call(package.eager, wide)['out'] * weights).sum().backward()
    for name in leaves:
        expected = wide[name].grad
        distance = ((leaves[name].grad.double() - expected).norm() / expected.norm()).item()
        record(f'gradient of {name}', distance < 0.01, f'relative error {distance:.2e}')

    if hasattr(torch, 'compile') and hasattr(torch.library, 'custom_op'):
        try:
            with torch.no_grad():
                found = package.call(torch.compile(package.function, fullgraph=True), tensors)
            record('torch.compile, fullgraph', _same_bits(plain, found))
        except Exception as error:  # a compiler that is not installed is no fault of the operator
            context.problem(f'torch.compile of the operator: {type(error).__name__}: {str(error)[:500]}')
    return entries

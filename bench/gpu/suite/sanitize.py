"""compute-sanitizer on programs without PyTorch, one for each form of a variant, at shapes that fit no tile."""
import os
import shutil
import subprocess

from .build import Builder, architecture_flags, in_parallel
from .context import Skipped

TOOLS = ['memcheck', 'racecheck', 'initcheck', 'synccheck']
_PATIENCE = 150
_FOUND = 9
# What every tool looks at first: plain attention, convolutions before and behind the softmax, documents, windows.
_FIRST = ['causal', 'decode', 'mta', 'mtaPacked', 'packedDocuments', 'slidingWindow', 'diffV1', 'sinks']


def _sanitizer():
    found = shutil.which('compute-sanitizer')
    if found is None:
        from torch.utils.cpp_extension import CUDA_HOME

        found = os.path.join(CUDA_HOME, 'bin', 'compute-sanitizer') if CUDA_HOME else None
    if found is None or not os.path.exists(found):
        raise Skipped('compute-sanitizer is not installed')
    return found


def _shapes(variant):
    history = variant['history']
    return [(2, 70, 70, 70), (1, 1 + history, 150, 1)]


def check(context):
    if context.is_dry:
        context.leave_out('compute-sanitizer: a dry run has no device for it')
        return
    try:
        sanitizer = _sanitizer()
    except Skipped as reason:
        for tool in TOOLS:
            context.leave_out(f'compute-sanitizer {tool}: {reason}')
        return
    builder = Builder(context)
    tasks = []
    small = [variant for variant in context.variants if variant['cases']]
    for tool in TOOLS:
        for variant in sorted(small, key=lambda each: each['name'].split('-')[0] not in _FIRST):
            is_first = variant['name'].split('-')[0] in _FIRST
            if tool != 'memcheck' and not is_first:
                continue
            for form in variant['forms']:
                try:
                    architecture_flags(form['form'], context.capability)
                except Skipped:
                    continue
                for shape in _shapes(variant):
                    name = f"{tool} of {variant['name']}, {form['form']}, {'x'.join(map(str, shape))}"
                    tasks.append((name, lambda form=form, tool=tool, shape=shape: _run(builder, sanitizer, tool, form, shape)))
    entries = []
    context.results['sanitizer'] = entries
    jobs = min(6, context.options.jobs or os.cpu_count() or 4)
    for name, result in in_parallel(context, tasks, jobs, context.share(0.95)):
        if isinstance(result, subprocess.TimeoutExpired):
            context.leave_out(f'{name}: it took more than {_PATIENCE} s')
        elif isinstance(result, Exception):
            context.problem(f'{name}: {result}')
        else:
            entries.append({'what': name, **result})
            if result['code'] == _FOUND:
                context.fail(f"{name}: {result['said']}")
            elif result['code'] != 0:
                context.problem(f"{name} ended with {result['code']}: {result['said']}")
    clean = sum(entry['code'] == 0 for entry in entries)
    context.say(f'compute-sanitizer: {clean} of {len(entries)} runs are clean')


def _run(builder, sanitizer, tool, form, shape):
    program = builder.driver(form)
    command = [sanitizer, '--tool', tool, '--error-exitcode', str(_FOUND), program, *map(str, shape)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_PATIENCE)
    text = done.stdout.decode(errors='replace').strip()
    return {'code': done.returncode, 'said': '' if done.returncode == 0 else text[-1500:]}

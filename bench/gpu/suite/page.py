"""The page that a person reads: results as Markdown, alone or beside earlier ones."""
from . import tables
from .symptoms import bound_by


def page(results, charts, earlier=None):
    """`charts`: the file of each workload's chart. With `earlier` results, what has changed comes first."""
    parts = [_head(results)]
    if earlier is not None:
        parts.append(_comparison(results, earlier))
    parts.append('## What was found\n\n' + tables.status_table(results))
    wrong = tables.with_status(results, 'wrong', 'died')
    if wrong:
        parts.append('## Wrong, or without an answer\n\n' + _list(wrong))
    parts.append('## Marks\n\n' + tables.marks_table(results))
    parts.append(_times(results, charts))
    parts += [part for part in (_counted(results),) if part]
    parts += [part for part in (_profiles(results), _micro(results)) if part]
    missing = [each for each in tables.with_status(results, 'skipped', 'left out', 'done') if each[2]['status'] != 'done' or each[2].get('without')]
    if missing:
        parts.append('## Not done, and why\n\n' + _list(missing))
    return '\n\n'.join(parts) + '\n'


def _list(entries):
    def said(entry):
        return f"{entry['status']}: {entry['reason']}" if 'reason' in entry else 'without ' + '; '.join(entry['without'])

    return '\n'.join(f'- {number}. **{name}**: {said(entry)}'.replace('\n', ' ') for number, name, entry in entries)


def _head(results):
    machine = results.get('machine') or {}
    heddle = results.get('heddle') or {}
    limits = tables.ceilings(results)
    fields = ('driver_version', 'cuda', 'torch', 'nvcc', 'cudnn', 'triton', 'clocks.max.sm', 'power.limit', 'temperature.gpu', 'mig.mode.current')
    facts = [f'{name} {machine[name]}' for name in fields if machine.get(name)]
    measured = [f'{name} {value:.1f}' for name, value in limits.items()]
    seconds = [f"{run['seconds']:.0f} s" for run in results['runs'] if 'seconds' in run]
    lines = [
        f"# Heddle {heddle.get('heddle')} ({heddle.get('revision')}) on {machine.get('device', 'no device')}",
        ', '.join(facts) or 'nothing is known of the machine',
        'Ceilings: ' + (', '.join(measured) or 'not measured') + '.',
        f"Began {results['runs'][0]['began']}; {len(results['runs'])} run(s)" + (f" of {', '.join(seconds)}" if seconds else '') + '.',
    ]
    return '\n\n'.join(lines)


def _times(results, charts):
    limits = tables.ceilings(results)
    parts = ['## Times', 'Median milliseconds, and TFLOP/s that plain attention would have in that time. *training*: forward and backward, and below it each of them alone. *host*: the call takes longer on the host than on the device.']
    shown = set()
    for (workload, head_dim), entries in tables.workloads(results).items():
        if workload not in shown and workload in charts:
            parts.append(f'![{workload}]({charts[workload]})')
        shown.add(workload)
        first = entries[0]
        parts.append(f"### {workload}, D = {head_dim}, batch {first['batch']}, {first['heads']} heads")
        parts.append(tables.times_table(entries, limits))
        notes = sorted({f"- {entry['contender']} at {entry['length']}: {entry['missing']}" for entry in entries if 'missing' in entry})
        if notes:
            parts.append('\n'.join(notes))
    return '\n\n'.join(parts)


def _counted(results):
    """What the kernels of training steps compute, halos and scores that are computed again included."""
    rows = [
        [
            f"{each['workload']} D={each['head_dim']} T={each['length']}",
            each['contender'],
            *[f"{each['counted_operations'][part] * 1e-12:.3f}" for part in ('forward', 'backward')],
            f"{each['counted_tflops']:.1f}",
            '–' if each.get('counted_backward_tflops') is None else f"{each['counted_backward_tflops']:.1f}",
        ]
        for each in tables.measured(results)
        if 'counted_tflops' in each
    ]
    if not rows:
        return None
    header = ['workload', 'contender', 'forward, TFLOP', 'backward, TFLOP', 'TFLOP/s', 'of backward alone']
    return '## Operations of training\n\nAs `heddle explain --backward` counts them, in the time that was measured.\n\n' + tables.table(header, rows)


_COUNTERS = (
    ('tensor pipe %', 'tensor_pipe_percent'),
    ('issue slots %', 'issue_slots_percent'),
    ('shared memory %', 'shared_memory_percent'),
    ('L2 %', 'l2_percent'),
    ('registers', 'registers'),
    ('occupancy %', 'occupancy_percent'),
    ('waves', 'waves'),
)


def _profiles(results):
    rows = []
    for name, entry in results['groups'].get('6', {}).items():
        longest = entry.get('longest')
        if longest is None:
            continue
        stalls = ', '.join(f'{reason} {value:.1f}' for reason, value in list(longest['stalls'].items())[:4])
        numbers = ['–' if longest.get(key) is None else f'{longest[key]:.1f}' for _, key in _COUNTERS]
        rows.append([name, *numbers, stalls, bound_by(longest)])
    if not rows:
        return None
    return '## Profiles\n\nThe longest kernel of each; stalls are warps that wait for each instruction that is issued.\n\n' + tables.table(
        ['kernel', *[title for title, _ in _COUNTERS], 'stalls', 'bound by'], rows
    )


def _micro(results):
    rates = results['groups'].get('9', {}).get('micro', {}).get('rates')
    if not rates:
        return None
    rows = [[each['name'], each['detail'], f"{each['median_ms']:.3f}", f"{each['tflops']:.1f}"] for each in rates]
    return '## Instructions\n\n' + tables.table(['instruction', 'how', 'ms', 'TFLOP/s'], rows)


# ── Beside earlier results ──────────────────────────────────────────────────────────────────────────


def _comparison(results, earlier):
    """Times of both, the largest change first; and entries whose status is another one."""
    def key(each):
        return each['workload'], each['head_dim'], each['length'], each['contender']

    before = {key(each): each['median_ms'] for each in tables.measured(earlier) if 'median_ms' in each}
    rows = []
    for each in tables.measured(results):
        if 'median_ms' in each and key(each) in before:
            ratio = each['median_ms'] / before[key(each)]
            workload, head_dim, length, contender = key(each)
            rows.append((abs(ratio - 1), [f'{workload} D={head_dim} T={length}', contender, f'{before[key(each)]:.3f}', f"{each['median_ms']:.3f}", f'{ratio:.2f}']))
    rows.sort(key=lambda row: -row[0])
    statuses = {(number, name): entry['status'] for number, name, entry in tables.with_status(earlier, 'done', 'wrong', 'died')}
    changed = [
        (number, name, entry, statuses[number, name])
        for number, name, entry in tables.with_status(results, 'done', 'wrong', 'died')
        if statuses.get((number, name), entry['status']) != entry['status']
    ]
    parts = [f'## Compared with {_origin(earlier)}']
    parts.append(tables.table(['workload', 'contender', 'before, ms', 'now, ms', 'now / before'], [row for _, row in rows]) if rows else 'They have no times in common.')
    if changed:
        parts.append('\n'.join(f"- {number}. **{name}**: was {before_status}, is {entry['status']}" for number, name, entry, before_status in changed))
    return '\n\n'.join(parts)


def _origin(results):
    heddle, machine = results.get('heddle') or {}, results.get('machine') or {}
    return f"{heddle.get('revision') or heddle.get('heddle')} on {machine.get('device')}, {results['runs'][0]['began']}"

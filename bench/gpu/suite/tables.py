"""Results as tables of Markdown, and the summary that a run ends with."""
from .marks import WORDS, marks
from .work import roofline_ms

TITLES = {'1': 'device and ceilings', '2': 'first launches', '3': 'correctness', '4': 'times', '5': 'training', '6': 'profiles', '7': 'sanitizer', '8': 'rivals', '9': 'the rest'}
# What a summary ends with, the worst last: title, statuses, and how many lines at most.
_ENDINGS = (('skipped', ('skipped',), 12), ('left out', ('left out',), 12), ('WRONG OR WITHOUT AN ANSWER', ('wrong', 'died'), 1000))
_STATUSES = ('done', 'wrong', 'died', 'skipped', 'left out')


def table(header, rows):
    """A table of Markdown whose columns are also aligned as text; numbers to the right."""
    cells = [[str(cell).replace('|', '\\|').replace('\n', ' ') for cell in row] for row in [header, *rows]]
    widths = [max(3, *(len(row[column]) for row in cells)) for column in range(len(header))]
    lines = ['| ' + ' | '.join(cell.ljust(width) if n == 0 else cell.rjust(width) for n, (cell, width) in enumerate(zip(row, widths))) + ' |' for row in cells]
    lines.insert(1, '|' + '|'.join((':' if n == 0 else '-') + '-' * width + ('-' if n == 0 else ':') for n, width in enumerate(widths)) + '|')
    return '\n'.join(lines)


def ceilings(results):
    """Measured ceilings by name, with the computed one of tensor cores where it is known."""
    found = {}
    for entry in results['groups'].get('1', {}).values():
        found.update({name: entry[name] for name in ('copy_gbytes', 'product_tflops') if name in entry})
    computed = (results.get('machine') or {}).get('computed_tflops')
    return {**found, **({'computed_tflops': computed} if computed else {})}


def measured(results):
    """All timed contenders, of whatever group."""
    return [each for entries in results['groups'].values() for entry in entries.values() for each in entry.get('measured', [])]


def status_table(results):
    rows = []
    for number, entries in sorted(results['groups'].items()):
        counts = [sum(entry['status'] == status for entry in entries.values()) for status in _STATUSES]
        seconds = sum(entry.get('seconds', 0.0) for entry in entries.values())
        rows.append([f'{number}. {TITLES[number]}', *[count or '' for count in counts], f'{seconds:.0f}'])
    return table(['group', *_STATUSES, 'seconds'], rows)


def with_status(results, *statuses):
    """(group, name, entry) of the entries with these statuses."""
    return [
        (number, name, entry)
        for number, entries in sorted(results['groups'].items())
        for name, entry in entries.items()
        if entry['status'] in statuses
    ]


def workloads(results):
    """Timed entries by workload and head size."""
    found = {}
    for each in measured(results):
        found.setdefault((each['workload'], each['head_dim']), []).append(each)
    return dict(sorted(found.items()))


def times_table(entries, limits):
    """Median ms, and TFLOP/s in terms of plain attention, of each contender by length, its parts below it; the roofline last."""
    lengths = sorted({entry['length'] for entry in entries})
    rows = []
    for name in dict.fromkeys(entry['contender'] for entry in entries):
        cells = {entry['length']: _cell(entry) for entry in entries if entry['contender'] == name}
        rows.append([name, *[cells.get(length, '') for length in lengths]])
        own = {entry['length']: entry.get('parts', {}) for entry in entries if entry['contender'] == name}
        for part in dict.fromkeys(part for parts in own.values() for part in parts):
            shown = [own.get(length, {}).get(part, {}).get('median_ms') for length in lengths]
            rows.append([f'{name}: {part}', *['–' if milliseconds is None else f'{milliseconds:.3f}' for milliseconds in shown]])
    roof = {entry['length']: roofline_ms(entry, limits) for entry in entries}
    if any(roof.values()):
        rows.append(['roofline', *[f'{roof[length]:.3f}' for length in lengths]])
    return table(['contender', *[f'T = {length}' for length in lengths]], rows)


def _cell(entry):
    if 'median_ms' not in entry:
        return 'out of memory' if entry.get('missing') == 'out of memory' else '–'
    host = entry.get('host_ms')
    is_of_host = host is not None and host > entry['median_ms']
    return f"{entry['median_ms']:.3f} ({entry['plain_tflops']:.0f}){' host' if is_of_host else ''}"


def marks_table(results):
    return table(['mark', '', 'measured'], [[mark, WORDS[is_met], shown] for mark, shown, is_met in marks(measured(results))])


def summary(results):
    """What a run ends with: counts, times, marks, and everything that went wrong."""
    limits = ceilings(results)
    parts = [status_table(results)]
    for (workload, head_dim), entries in workloads(results).items():
        parts.append(f'{workload}, D = {head_dim}: median ms (TFLOP/s of plain attention)\n{times_table(entries, limits)}')
    parts.append(marks_table(results))
    for title, statuses, most in _ENDINGS:
        found = [f"  {number}. {name}: {entry['status']}: {entry['reason']}" for number, name, entry in with_status(results, *statuses)]
        more = [f'  and {len(found) - most} more'] if len(found) > most else []
        if found:
            parts.append('\n'.join([f'{title}:', *found[:most], *more]))
    return '\n\n'.join(parts)

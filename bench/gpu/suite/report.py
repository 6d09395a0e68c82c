"""What was found, for people: tables, and the marks that the kernels are held to."""


def table(rows, header):
    """Columns as wide as they need to be; numbers to the right."""
    texts = [header] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in texts) for column in range(len(header))]
    lines = []
    for row in texts:
        cells = [cell.ljust(width) if column < 2 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths))]
        lines.append('  '.join(cells).rstrip())
    lines.insert(1, '  '.join('-' * width for width in widths))
    return '\n'.join(lines)


def timing_tables(entries):
    groups = {}
    for entry in entries:
        groups.setdefault((entry['workload'], entry['head_dim']), []).append(entry)
    parts = []
    for (workload, head_dim), group in sorted(groups.items()):
        lengths = sorted({entry['length'] for entry in group})
        names = list(dict.fromkeys(entry['contender'] for entry in group))
        rows = []
        for name in names:
            cells = {entry['length']: _cell(entry) for entry in group if entry['contender'] == name}
            rows.append([name, ''] + [cells.get(length, '') for length in lengths])
        first = group[0]
        title = f"{workload}, D = {head_dim}, batch {first['batch']}, {first['heads']} heads: median ms (TFLOP/s of plain attention)"
        notes = sorted({f"{entry['contender']} at {entry['length']}: {entry['missing']}" for entry in group if 'missing' in entry})
        parts.append('\n'.join([title, table(rows, ['contender', ''] + [f'T = {length}' for length in lengths]), *('  ' + note for note in notes)]))
    return '\n\n'.join(parts)


def _cell(entry):
    if 'missing' in entry:
        return 'out of memory' if entry['missing'] == 'out of memory' else '-'
    if 'plain_tflops' in entry:
        return f"{entry['median_ms']:.3f} ({entry['plain_tflops']:.0f})"
    return f"{entry['median_ms']:.3f}"


def marks(entries):
    """(mark, what was measured, whether it is met; None where it was not measured)."""

    def entry(workload, length, head_dim, names):
        found = [
            each
            for each in entries
            if each['workload'] == workload
            and each['length'] == length
            and each['head_dim'] == head_dim
            and 'median_ms' in each
            and any(each['contender'].startswith(name) for name in names)
        ]
        return min(found, key=lambda each: each['median_ms'], default=None)

    def ratio(one, other):
        return None if one is None or other is None else one['median_ms'] / other['median_ms']

    mta = entry('mta', 8192, 128, ['heddle'])
    cudnn = entry('causal', 8192, 128, ['SDPA cudnn'])
    eager = entry('mta', 8192, 128, ['eager'])
    result = []
    found = ratio(mta, cudnn)
    result.append(('MTA 6x11, D = 128, T = 8192: at most 2.5 times plain attention of cuDNN', _shown(found), None if found is None else found <= 2.5))
    found = ratio(eager, mta)
    result.append(('the same: at least 20 times faster than the faster eager form', _shown(found), None if found is None else found >= 20))
    compared = []
    for head_dim in (64, 96, 128):
        for length in (1024, 2048, 4096, 8192, 16384):
            found = ratio(entry('causal', length, head_dim, ['heddle']), entry('causal', length, head_dim, ['FlexAttention']))
            if found is not None:
                compared.append((found, f'D = {head_dim}, T = {length}'))
    worst = max(compared, default=None)
    shown = 'not measured' if worst is None else f'{worst[0]:.2f} of its time at worst, at {worst[1]}'
    result.append(('plain causal attention: at least as fast as FlexAttention', shown, None if worst is None else worst[0] <= 1.0))
    peaks = {each['length']: each['peak_bytes'] for each in entries if each['workload'] == 'mta' and each['head_dim'] == 128 and each['contender'].startswith('heddle') and each.get('peak_bytes')}
    lengths = sorted(peaks)
    growth = None if len(lengths) < 2 else (peaks[lengths[-1]] / peaks[lengths[0]]) / (lengths[-1] / lengths[0])
    shown = 'not measured' if growth is None else f'{growth:.2f} times linear from {lengths[0]} to {lengths[-1]}, {peaks[lengths[-1]] / 2**20:.0f} MiB'
    result.append(('MTA takes memory O(T)', shown, None if growth is None else growth <= 1.1))
    return result


def _shown(number):
    return 'not measured' if number is None else f'{number:.2f} times'


def text(results):
    parts = []
    machine = results.get('machine', {})
    parts.append(', '.join(f'{name} {machine[name]}' for name in ('device', 'driver_version', 'cuda', 'torch', 'cudnn', 'triton') if machine.get(name)))
    limits = results.get('limits')
    if limits:
        parts.append('peaks: ' + ', '.join(f'{name} {value:.1f}' for name, value in limits.items()))
    if results.get('micro'):
        rows = [[each['name'], each['detail'], f"{each['median_ms']:.3f}", f"{each['tflops']:.1f}"] for each in results['micro']]
        parts.append(table(rows, ['instruction', 'how', 'ms', 'TFLOP/s']))
    if results.get('timing'):
        parts.append(timing_tables(results['timing']))
    if 'correctness' in results:
        checks = results['correctness']
        parts.append(f"correctness: {sum(each['passed'] for each in checks)} of {len(checks)} checks passed")
    if 'sanitizer' in results:
        runs = results['sanitizer']
        parts.append(f"compute-sanitizer: {sum(each['code'] == 0 for each in runs)} of {len(runs)} runs are clean")
    if 'timing' in results:
        words = {True: 'met', False: 'NOT MET', None: 'open'}
        rows = [[mark, words[is_met], shown] for mark, shown, is_met in marks(results['timing'])]
        parts.append('marks\n' + table(rows, ['mark', '', 'measured']))
    for name, title in [('left_out', 'left out'), ('problems', 'problems'), ('failures', 'FAILURES')]:
        if results.get(name):
            parts.append('\n'.join([f'{title}:'] + [f'  {each}' for each in results[name]]))
    return '\n\n'.join(part for part in parts if part)

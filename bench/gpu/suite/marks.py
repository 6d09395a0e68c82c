"""The marks that the kernels are held to: met, not met, or open where they were not measured."""

WORDS = {True: 'met', False: 'NOT MET', None: 'open'}


def _fastest(entries, workload, length, head_dim, contender):
    found = [
        each
        for each in entries
        if (each['workload'], each['length'], each['head_dim']) == (workload, length, head_dim)
        and 'median_ms' in each
        and each['contender'].startswith(contender)
    ]
    return min(found, key=lambda each: each['median_ms'], default=None)


def _ratio(one, other):
    return None if one is None or other is None else one['median_ms'] / other['median_ms']


def _shown(number):
    return 'not measured' if number is None else f'{number:.2f} times'


def marks(entries):
    """(mark, what was measured, whether it is met; None where it was not measured)."""
    mta = _fastest(entries, 'mta', 8192, 128, 'heddle')
    by_cudnn = _ratio(mta, _fastest(entries, 'causal', 8192, 128, 'SDPA cudnn'))
    by_eager = _ratio(_fastest(entries, 'mta', 8192, 128, 'eager'), mta)
    step = _fastest(entries, 'mta-training', 8192, 128, 'heddle')
    by_flex = _ratio(step, _fastest(entries, 'causal-training', 8192, 128, 'FlexAttention'))
    return [
        ('MTA 6x11, D = 128, T = 8192: at most 2.5 times plain attention of cuDNN', _shown(by_cudnn), None if by_cudnn is None else by_cudnn <= 2.5),
        ('the same: at least 20 times faster than the faster eager form', _shown(by_eager), None if by_eager is None else by_eager >= 20),
        _flex(entries),
        _memory(entries, 'mta', 'MTA takes memory O(T)'),
        ('MTA forward + backward, D = 128, T = 8192: at most 3 times plain causal attention of FlexAttention', _shown(by_flex), None if by_flex is None else by_flex <= 3),
        _training_by_eager(entries),
        _memory(entries, 'mta-training', 'MTA forward + backward take memory O(T)'),
    ]


def _training_by_eager(entries):
    """At the largest length that any of the forms with scores in memory could be measured at."""
    mark = 'MTA forward + backward, D = 128: at least 10 times faster than the fastest eager form'
    slow = [each for each in entries if (each['workload'], each['head_dim']) == ('mta-training', 128) and not each['contender'].startswith('heddle')]
    for length in sorted({each['length'] for each in slow if 'median_ms' in each}, reverse=True):
        eager = _fastest(slow, 'mta-training', length, 128, '')
        found = _ratio(eager, _fastest(entries, 'mta-training', length, 128, 'heddle'))
        if found is not None:
            return (mark, f"{found:.2f} times, at T = {length}, {eager['contender']}", found >= 10)
    return (mark, 'not measured', None)


def _flex(entries):
    compared = []
    for each in entries:
        if each['workload'] == 'causal' and each['contender'] == 'FlexAttention':
            own = _fastest(entries, 'causal', each['length'], each['head_dim'], 'heddle')
            found = _ratio(own, each if 'median_ms' in each else None)
            if found is not None:
                compared.append((found, f"D = {each['head_dim']}, T = {each['length']}"))
    worst = max(compared, default=None)
    shown = 'not measured' if worst is None else f'{worst[0]:.2f} of its time at worst, at {worst[1]}'
    return ('plain causal attention: at least as fast as FlexAttention', shown, None if worst is None else worst[0] <= 1.0)


def _memory(entries, workload, mark):
    peaks = {
        each['length']: each['peak_bytes']
        for each in entries
        if each['workload'] == workload and each['head_dim'] == 128 and each['contender'].startswith('heddle') and each.get('peak_bytes')
    }
    lengths = sorted(peaks)
    if len(lengths) < 2:
        return (mark, 'not measured', None)
    first, last = lengths[0], lengths[-1]
    growth = (peaks[last] / peaks[first]) / (last / first)
    return (mark, f'{growth:.2f} times linear from {first} to {last}, {peaks[last] / 2**20:.0f} MiB', growth <= 1.1)

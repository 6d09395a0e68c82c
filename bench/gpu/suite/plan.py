"""What runs, in the order in which its answers matter: nine groups of entries."""
import collections

from .store import FINAL, Store

Group = collections.namedtuple('Group', ['number', 'title', 'limit', 'waits'])
"""`limit`: seconds that all of it may take; `waits`: whether it waits for libraries that are being built."""

Entry = collections.namedtuple('Entry', ['group', 'name', 'task', 'kind', 'limit', 'variant', 'forms', 'arguments'])
"""
One answer. `task` names what does it: tasks.py in the worker, or schedule.py here; `limit` is in seconds; `forms` are those of the
variant that it runs, as libraries or as programs.
"""

GROUPS = (
    Group(1, 'device and ceilings', 10, False),
    Group(2, 'first launches', 75, True),
    Group(3, 'correctness', 110, False),
    Group(4, 'times', 90, False),
    Group(5, 'training', 180, False),
    Group(6, 'profiles', 50, False),
    Group(7, 'sanitizer', 50, False),
    Group(8, 'rivals', 140, False),
    Group(9, 'the rest', 3600, True),
)

# What is looked at first, within each group.
_WORKLOADS = ('causal', 'mta', 'window', 'mta-all', 'decode', 'mta-decode')
_HEAD_DIMS = (128, 64, 96)
MAIN = ('causal', 'mta')
Sizes = collections.namedtuple('Sizes', ['first', 'short', 'long', 'times', 'main', 'training', 'sanitizer'])
"""
Lengths: of first launches; of correctness, short and long, with the last rows that eager PyTorch computes (0 for all); of times; of
profiles, rivals and marks; of training, the main one and a short one; and batch and length of what the sanitizer sees.
"""
SIZES = Sizes(300, (1000, 0), (8192, 128), (2048, 8192, 16384), 8192, (8192, 2048), (2, 170))
DRY_SIZES = Sizes(70, (70, 0), (150, 32), (64,), 64, (24, 24), (1, 40))
RIVALS = {
    'causal': (('FlexAttention', 'compiled'), ('eager in bf16', 'eager'), ('eager', 'eager'), ('torch.compile', 'compiled')),
    'mta': (('eager in bf16', 'eager'), ('eager', 'eager'), ('torch.compile', 'compiled')),
}
# What comes first is what the marks are about; eager PyTorch may have no memory for the main length.
TRAINING_RIVALS = (
    ('causal', 'main', 'FlexAttention', 'compiled'),
    ('mta', 'main', 'eager in bf16', 'eager'),
    ('mta', 'main', 'materialised', 'eager'),
    ('mta', 'short', 'eager in bf16', 'eager'),
    ('mta', 'short', 'materialised', 'eager'),
    ('mta', 'main', 'eager', 'eager'),
    ('mta', 'short', 'eager', 'eager'),
    ('causal', 'main', 'eager in bf16', 'eager'),
    ('causal', 'short', 'eager in bf16', 'eager'),
    ('causal', 'short', 'eager', 'eager'),
    ('window', 'main', 'FlexAttention', 'compiled'),
)


def _sizes(session):
    return DRY_SIZES if session.is_dry else SIZES


def _newest_first(variant):
    """Forms for one architecture alone before those for all."""
    return sorted(variant['forms'], key=lambda form: not form['form'].endswith('a'))


def _place(order, value):
    return order.index(value) if value in order else len(order)


def _named(session):
    found = [variant for variant in session.variants if 'workload' in variant]
    return sorted(found, key=lambda each: (_place(_WORKLOADS, each['workload']), _place(_HEAD_DIMS, each['settings']['headDim'])))


def _pairs(session):
    """(variant, form): forms for this architecture alone first, what the marks are about before the rest."""
    found = [(variant, form) for variant in _named(session) for form in variant['forms']]
    return sorted(found, key=lambda each: (not each[1]['form'].endswith('a'), each[0]['workload'] not in MAIN))


def entries(session):
    """The entries of each group, by its number."""
    found = {1: list(_ceilings()), 2: list(_first(session)), 3: list(_correctness(session)), 4: list(_times(session))}
    found.update({5: list(_training(session)), 6: list(_profiles(session))})
    found.update({7: list(_sanitizer(session, 7, ('memcheck', 'synccheck'))), 8: list(_rivals(session)), 9: list(_rest(session))})
    return {group.number: found[group.number] for group in GROUPS if group.number in session.options.groups}


def _ceilings():
    for what in ('copy', 'product'):
        yield Entry(1, what, 'ceiling', 'ceiling', 8, None, (), {'what': what})


def _first(session):
    for variant, form in _pairs(session):
        name = f"{variant['name']} {form['form']}"
        yield Entry(2, name, 'first', 'first launch', 25, variant, (form,), {'length': _sizes(session).first})


def _correctness(session):
    for size, (length, last_rows) in (('short', _sizes(session).short), ('long', _sizes(session).long)):
        for variant in sorted(_named(session), key=lambda each: each['workload'] not in MAIN):
            for form in _newest_first(variant):
                name = f"{variant['name']} {form['form']} T={length}"
                arguments = {'length': length, 'last_rows': last_rows}
                yield Entry(3, name, 'correctness', f'correctness, {size}', 45, variant, (form,), arguments)


def _time(session, group, variant, length):
    name = f"{variant['workload']} D={variant['settings']['headDim']} T={length}"
    return Entry(group, name, 'time', 'time', 40, variant, tuple(_newest_first(variant)), {'length': length, 'rounds': session.options.rounds})


def _timed(session, workloads, lengths=None):
    lengths = lengths or session.options.lengths or _sizes(session).times
    head_dims = session.options.head_dims or [128, 64]
    # The length that the marks are about first.
    for length in sorted(lengths, key=lambda each: (each != _sizes(session).main, each)):
        for variant in _named(session):
            if variant['workload'] in workloads and variant['settings']['headDim'] in head_dims:
                yield variant, length


def _times(session):
    for variant, length in _timed(session, MAIN):
        yield _time(session, 4, variant, length)


# ── Training ────────────────────────────────────────────────────────────────────────────────────────


def _trained(variant):
    """Whether any of its forms has gradient kernels."""
    return any('why' not in form.get('training', {'why': ''}) for form in variant['forms'])


def _gradients(session, group, variant):
    length, _ = _sizes(session).short
    for form in _newest_first(variant):
        name = f"gradients of {variant['name']} {form['form']} T={length}"
        yield Entry(group, name, 'gradients', 'gradients', 60, variant, (form,), {'length': length})


def _step(session, variant, length):
    name = f"training {variant['workload']} D={variant['settings']['headDim']} T={length}"
    arguments = {'length': length, 'rounds': session.options.rounds}
    return Entry(5, name, 'training', 'training', 90, variant, tuple(_newest_first(variant)), arguments)


def _training(session):
    """Of the largest head size: gradients, the main length, the others, rivals. Then the rest of what is timed."""
    largest = {}
    for variant in _named(session):
        if variant['workload'] in ('causal', 'mta', 'window') and _trained(variant):
            largest.setdefault(variant['workload'], variant)
    lengths = dict(zip(('main', 'short'), _sizes(session).training))
    for workload in MAIN:
        if workload in largest:
            yield from _gradients(session, 5, largest[workload])
    for length in dict.fromkeys(lengths.values()):
        for workload in ('mta', 'causal'):
            if workload in largest:
                yield _step(session, largest[workload], length)
    seen = set()
    for workload, size, contender, kind in TRAINING_RIVALS:
        if workload not in largest or (workload, lengths[size], contender) in seen:
            continue
        seen.add((workload, lengths[size], contender))
        variant = largest[workload]
        name = f"training {workload} D={variant['settings']['headDim']} T={lengths[size]} {contender}"
        arguments = {'length': lengths[size], 'contender': contender, 'rounds': session.options.rounds}
        yield Entry(5, name, 'training rival', kind, 60, variant, tuple(_newest_first(variant)), arguments)
        if contender == 'FlexAttention' and workload == 'causal' and 'window' in largest:
            yield _step(session, largest['window'], lengths['main'])


def _rest_of_training(session):
    known = {entry.name for entry in _training(session)}
    rest = [variant for variant in _named(session) if _trained(variant)]
    for variant in rest:
        yield from (entry for entry in _gradients(session, 9, variant) if entry.name not in known)
    for variant, length in _timed(session, ('causal', 'mta', 'window'), session.options.lengths or _sizes(session).training):
        step = _step(session, variant, length)._replace(group=9)
        if _trained(variant) and step.name not in known:
            yield step


# ── Profiles and the rest ───────────────────────────────────────────────────────────────────────────


def _main_pairs(session):
    """The forms of plain attention and of the convolution, at the largest head size that there is."""
    seen = set()
    for variant in _named(session):
        if variant['workload'] in MAIN and variant['workload'] not in seen:
            seen.add(variant['workload'])
            for form in _newest_first(variant):
                yield variant, form


def _profiles(session):
    length = _sizes(session).main
    for variant, form in _main_pairs(session):
        name = f"{variant['name']} {form['form']} T={length}"
        yield Entry(6, name, 'profile', 'profile', 45, variant, (form,), {'shape': [2, length, length, length]})


def _sanitizer(session, group, tools):
    batch, length = _sizes(session).sanitizer
    for tool in tools:
        for variant, form in _main_pairs(session):
            name = f"{tool} of {variant['name']} {form['form']}"
            yield Entry(group, name, 'sanitize', tool, 45, variant, (form,), {'tool': tool, 'shape': [batch, length, length, length]})


def _rivals(session):
    length = _sizes(session).main
    seen = set()
    for variant in _named(session):
        if variant['workload'] not in RIVALS or variant['workload'] in seen:
            continue
        seen.add(variant['workload'])
        for contender, kind in RIVALS[variant['workload']]:
            name = f"{variant['workload']} D={variant['settings']['headDim']} T={length} {contender}"
            arguments = {'length': length, 'contender': contender, 'rounds': session.options.rounds}
            yield Entry(8, name, 'rival', kind, 60, variant, tuple(_newest_first(variant)), arguments)


def _rest(session):
    yield Entry(9, 'micro', 'micro', 'micro', 60, None, (), {})
    for variant, length in _timed(session, ('decode', 'mta-decode', 'mta-all', 'window')):
        yield _time(session, 9, variant, length)
    plain = next((each for each in _named(session) if each['workload'] == 'causal'), None)
    for form in _newest_first(plain) if plain else ():
        yield Entry(9, f"operator of {plain['name']} {form['form']}", 'operator', 'operator', 90, plain, (form,), {})
    yield from _rest_of_training(session)
    yield from _sanitizer(session, 9, ('racecheck', 'initcheck'))
    # The smallest sources first: some take minutes to compile, and hold up nobody at the end.
    small = [(form.get('sourceBytes', 0), variant, form) for variant in session.variants if variant['cases'] for form in variant['forms']]
    for _, variant, form in sorted(small, key=lambda each: each[0]):
        name = f"{variant['name']} {form['form']}"
        yield Entry(9, f'small cases of {name}', 'golden', 'small cases', 45, variant, (form,), {})
        yield Entry(9, f'gradients of small cases of {name}', 'golden gradients', 'small gradients', 45, variant, (form,), {})


def text(session):
    """What would run, with how long it is thought to take; what an earlier run has done is not counted."""
    done = Store.finished(session.options.out, session.identity)
    lines, total = [], 0.0
    for group in GROUPS:
        planned = entries(session).get(group.number, [])
        rows = []
        for entry in planned:
            seconds, origin = session.estimates.of(entry)
            is_done = done.get(str(group.number), {}).get(entry.name, {}).get('status') in FINAL
            rows.append((entry, 0.0 if is_done else seconds, 'done already' if is_done else origin))
        seconds = sum(row[1] for row in rows)
        allowed = min(seconds, group.limit)
        fits = max(0.0, min(allowed, session.options.budget - total))
        total += allowed
        limit = '' if group.number == GROUPS[-1].number else f', at most {group.limit} s'
        lines.append(f'{group.number}. {group.title}: {len(rows)} entries, about {seconds:.0f} s{limit}; {fits:.0f} s of it fit the budget')
        lines.extend(f'     {seconds:6.1f} s  {entry.name} ({origin})' for entry, seconds, origin in rows)
    lines.append(f'about {total:.0f} s in all, of a budget of {session.options.budget:.0f} s')
    return '\n'.join(lines)

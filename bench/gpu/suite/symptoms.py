"""What a profile says that a kernel is bound by; docs/gpu-suite.md says what to try for each."""

# (what it is bound by, whether a profile shows it). The first that holds names it.
_STALLS_OF_BARRIERS = ('barrier', 'sleeping', 'membar', 'warpgroup_arrive')


def _share_of_stalls(profile, names):
    stalls = profile.get('stalls') or {}
    total = sum(value for name, value in stalls.items() if name not in ('selected', 'not_selected'))
    return sum(stalls.get(name, 0.0) for name in names) / total if total else 0.0


def _at_least(name, percent):
    return lambda profile: (profile.get(name) or 0.0) >= percent


def _is_bound_by_waves(profile):
    waves = profile.get('waves')
    # The last wave runs as long as a full one: a quarter of the device idles where there are less than four.
    return waves is not None and waves > 0 and waves / -(-waves // 1) < 0.8


_SYMPTOMS = (
    ('the tensor pipe: this is what is wanted', _at_least('tensor_pipe_percent', 80)),
    ('waves', _is_bound_by_waves),
    ('issue', _at_least('issue_slots_percent', 75)),
    ('shared memory', _at_least('shared_memory_percent', 75)),
    ('L2', _at_least('l2_percent', 75)),
    ('memory', _at_least('memory_percent', 75)),
    ('barriers', lambda profile: _share_of_stalls(profile, _STALLS_OF_BARRIERS) >= 0.25),
)


def bound_by(profile):
    """The first symptom of a profile, in words."""
    found = next((name for name, holds in _SYMPTOMS if holds(profile)), None)
    if found is not None:
        return found
    worst = next((name for name in profile.get('stalls') or {} if name not in ('selected', 'not_selected')), None)
    return 'latency' + (f': most warps wait for {worst}' if worst else '')

"""Runs the groups one after the other, each within its limit and the budget, and writes what was found after every entry."""
import collections
import time

from . import micro, plan, profiles, programs, sanitize, tables
from .hang import told

# Entries that this process runs by itself, by starting programs.
_HERE = {'profile': profiles.run, 'sanitize': sanitize.run, 'micro': micro.run}
_NEEDS = {
    'profile': 'program',
    'sanitize': 'program',
    **dict.fromkeys(('gradients', 'golden gradients', 'training'), 'gradients'),
}
_SHOWN = {'done': '', 'wrong': 'WRONG: ', 'died': 'DIED: ', 'skipped': 'skipped: ', 'left out': 'left out: '}


def run(session):
    """Exit status: 1 where something is wrong or died, 2 where there is no device; 0 otherwise."""
    session.open_store()
    store = session.store
    if not _find_machine(session):
        return 2
    planned = plan.entries(session)
    _forget(session, planned)
    session.libraries.begin(store.results['machine'].get('capability'))
    _ban_known(session, planned)
    _begin_builds(session, planned, (6, 7))
    for group in plan.GROUPS:
        if group.number == 6:
            # Behind what is timed: the small ones are many.
            _begin_builds(session, planned, (9,))
        if group.number in planned:
            _run_group(session, group, planned[group.number])
    store.results['runs'][-1]['seconds'] = session.elapsed()
    store.write()
    print('\n' + tables.summary(store.results), flush=True)
    session.say(f'results are in {session.options.out}; python report.py {session.options.out} makes a page of them')
    statuses = {found['status'] for entries in store.results['groups'].values() for found in entries.values()}
    return 1 if statuses & {'wrong', 'died'} else 0


def _find_machine(session):
    """What this runs on; nothing can be done without."""
    try:
        answer = session.worker.ask('facts', {}, 60)
    except programs.Died as error:
        answer = {'status': 'died', 'reason': str(error)}
    if answer['status'] != 'done':
        session.say(f"there is no device to run on: {answer['reason']} (--dry-run tries the suite without one)")
        return False
    session.store.take_machine(answer['facts'])
    session.store.write()
    session.say(answer['facts']['device'])
    return True


def _begin_builds(session, planned, numbers):
    for number in numbers:
        for entry in planned.get(number, ()):
            if not session.store.is_final(entry):
                _forms(session, entry)


def _forget(session, planned):
    """Entries that were asked for again have no result."""
    for entries in planned.values():
        for entry in entries:
            if any(part in entry.name for part in session.options.again or ()):
                session.store.entries(entry.group).pop(entry.name, None)


def _ban_known(session, planned):
    """Kernels that hung in an earlier run hang in this one."""
    for number in (2, 3, 5, 9):
        for entry in planned.get(number, ()):
            found = session.store.entries(number).get(entry.name)
            if found and found['status'] == 'died':
                _ban(session, entry, found)


def _ban(session, entry, found):
    reason = f"{entry.name} (group {entry.group}): {found['reason'][:200]}"
    if entry.task == 'gradients':
        # What computes outputs alone is in other kernels.
        session.libraries.ban_gradients(entry.forms[0], reason)
    elif len(entry.forms) == 1 and entry.group in (2, 3):
        session.libraries.ban(entry.forms[0], reason)


# ── A group ─────────────────────────────────────────────────────────────────────────────────────────


def _run_group(session, group, entries):
    began = time.monotonic()
    until = began + min(group.limit, max(0.0, session.left()))
    queue = collections.deque(entry for entry in entries if not session.store.is_final(entry))
    if not entries:
        return
    session.say(f'── {group.number}. {group.title}: {len(queue)} of {len(entries)} entries to do, {max(0.0, until - began):.0f} s')
    waiting = []
    while queue:
        entry = queue.popleft()
        left = until - time.monotonic()
        seconds, _ = session.estimates.of(entry)
        if seconds > left:
            _finish(session, entry, {'status': 'left out', 'reason': f'it takes about {seconds:.0f} s, and {max(0.0, left):.0f} s are left'})
            continue
        forms, pending, reasons = _forms(session, entry)
        if pending and (len(entry.forms) == 1 or not forms):
            waiting.append(entry)
        elif entry.forms and not forms:
            _finish(session, entry, {'status': 'skipped', 'reason': '; '.join(reasons)})
        elif not _do(session, entry, forms, reasons, left):
            waiting.append(entry)
        if not queue and waiting:
            # What was being built when an entry asked may be there by now, and then nothing is left to wait for.
            is_there = group.waits and any(not _forms(session, each)[1] for each in waiting)
            if is_there or (group.waits and session.libraries.await_one(until - time.monotonic())):
                queue.extend(waiting)
            else:
                for each in waiting:
                    _finish(session, each, {'status': 'left out', 'reason': 'what it runs is not built yet'})
            waiting = []
    session.store.write()


def _forms(session, entry):
    """The forms of an entry that can run, whether any is being built, and why others cannot."""
    what = _NEEDS.get(entry.task, 'library')
    forms, pending, reasons = [], False, []
    for form in entry.forms:
        state, found = session.libraries.state(what, form)
        pending = pending or state == 'pending'
        if state == 'ready':
            forms.append({**form, 'path': found.path, 'origin': found.origin})
        if state == 'missing':
            reasons.append(f"{form['form']}: {found}")
    return forms, pending, reasons


def _do(session, entry, forms, reasons, left):
    """Runs an entry. False where it has to be run again, once a library is built here."""
    session.store.start(entry)
    began = time.monotonic()
    # Groups end when they must; what is cut off by that says nothing of the kernels.
    limit = min(entry.limit, max(5.0, left))
    try:
        if entry.task in _HERE:
            found = _HERE[entry.task](session, entry, forms, limit)
        else:
            arguments = {**entry.arguments, 'variant': entry.variant, 'forms': forms}
            found = _asked(session, entry, arguments, limit)
    except programs.Skipped as reason:
        found = {'status': 'skipped', 'reason': str(reason)}
    except programs.Died as error:
        is_cut_off = limit < entry.limit and time.monotonic() - began >= limit
        found = {'status': 'left out' if is_cut_off else 'died', 'reason': str(error)}
    if found.pop('is_unusable', False) and session.libraries.refuse('library', entry.forms[0], found['reason']):
        session.say(f"{entry.name}: the library that came with the folder does not run here, and is built anew: {found['reason']}")
        return False
    stand_ins = [f"{form['form']}: eager PyTorch stands in for the kernels" for form in forms if form['origin'] == 'eager PyTorch']
    if reasons or stand_ins:
        found['without'] = [*found.get('without', []), *reasons, *stand_ins]
    _finish(session, entry, {**found, 'kind': entry.kind, 'seconds': time.monotonic() - began})
    if found['status'] == 'died':
        _ban(session, entry, found)
    return True


def _asked(session, entry, arguments, limit):
    try:
        return session.worker.ask(entry.task, arguments, limit)
    except programs.Died as error:
        raise programs.Died(told(session.root, arguments['forms'][0], str(error)) if arguments['forms'] else str(error)) from None


def _finish(session, entry, found):
    session.store.finish(entry, found)
    said = found.get('reason') or found.get('said') or 'done'
    session.say(f"{entry.name}: {_SHOWN[found['status']]}{said}")

"""The results file: what was found, entry by entry, written whole or not at all, and what a second run finds in it."""
import json
import math
import os
import time

FORMAT = 2
# Entries with these say what was found; all others are done by a later run.
FINAL = ('done', 'wrong', 'died')


class Store:
    """Results in a file. `identity` is what results must agree in to belong together: the folder's content and the options."""

    def __init__(self, path, identity, is_fresh):
        self.path = path
        self.notes = []
        self.results = self._read()
        if self.results is not None and (is_fresh or self.results.get('identity') != identity):
            self._set_aside('as asked' if is_fresh else 'they belong to another folder or seed')
        if self.results is None:
            self._begin(identity)
        self.results['runs'].append({'began': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())})

    def _begin(self, identity):
        self.results = {'format': FORMAT, 'identity': identity, 'machine': None, 'running': None, 'groups': {}, 'runs': []}

    def _read(self):
        try:
            with open(self.path, encoding='utf-8') as file:
                found = json.load(file)
        except FileNotFoundError:
            return None
        except ValueError:
            return {'identity': None}
        return found if found.get('format') == FORMAT else {'identity': None}

    def _set_aside(self, why):
        stem, extension = os.path.splitext(self.path)
        number = 1
        while os.path.exists(f'{stem}-{number}{extension}'):
            number += 1
        kept = f'{stem}-{number}{extension}'
        os.replace(self.path, kept)
        self.notes.append(f'earlier results are kept as {os.path.basename(kept)}: {why}')
        self.results = None

    def take_machine(self, facts):
        """What this runs on. Results of another device, driver or PyTorch are set aside."""
        known = self.results['machine']
        compared = ('device', 'driver_version', 'torch', 'cuda')
        if known is not None and any(known.get(name) != facts.get(name) for name in compared):
            identity, runs = self.results['identity'], self.results['runs'][-1:]
            self._set_aside('they come from another machine')
            self._begin(identity)
            self.results['runs'] = runs
        self.results['machine'] = facts

    @classmethod
    def finished(cls, path, identity):
        """The groups of results that belong to the identity, without touching the file; none where there are none."""
        try:
            with open(path, encoding='utf-8') as file:
                found = json.load(file)
        except (OSError, ValueError):
            return {}
        is_own = isinstance(found, dict) and found.get('format') == FORMAT and found.get('identity') == identity
        return found['groups'] if is_own else {}

    # ── Entries ─────────────────────────────────────────────────────────────────────────────────────

    def entries(self, group):
        return self.results['groups'].setdefault(str(group), {})

    def is_final(self, entry):
        return self.entries(entry.group).get(entry.name, {}).get('status') in FINAL

    def start(self, entry):
        self.results['running'] = {'group': entry.group, 'name': entry.name}
        self.write()

    def finish(self, entry, found):
        self.results['running'] = None
        self.entries(entry.group)[entry.name] = found
        self.write()

    def write(self):
        """A run that is cut off leaves what it has."""
        temporary = self.path + '.tmp'
        with open(temporary, 'w', encoding='utf-8') as file:
            json.dump(_plain(self.results), file, indent=1, default=str)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.path)


def _plain(value):
    """Errors may be infinite or none; JSON has neither, so they are texts."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value

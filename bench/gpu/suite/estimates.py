"""How long each entry will take: by its kind, corrected by what an earlier run took."""
import json
import statistics

# Seconds by kind, as guessed before anything has run.
_GUESSED = {
    'ceiling': 2.0,
    'first launch': 1.5,
    'correctness, short': 2.0,
    'correctness, long': 3.0,
    'time': 4.0,
    'gradients': 3.0,
    'training': 5.0,
    'profile': 12.0,
    'memcheck': 6.0,
    'synccheck': 6.0,
    'racecheck': 10.0,
    'initcheck': 8.0,
    'eager': 8.0,
    'compiled': 35.0,
    'micro': 8.0,
    'operator': 20.0,
    'small cases': 1.5,
    'small gradients': 1.5,
}


class Estimates:
    """`path` names the results of an earlier run; without one, or with one that says nothing, kinds are guessed."""

    def __init__(self, path):
        self.seconds = {}
        by_kind = {}
        for entry_group in self._read(path).get('groups', {}).values():
            for name, found in entry_group.items():
                if found.get('status') not in ('done', 'wrong') or 'seconds' not in found:
                    continue
                self.seconds[name] = found['seconds']
                by_kind.setdefault(found.get('kind'), []).append(found['seconds'])
        self.by_kind = {kind: statistics.median(each) for kind, each in by_kind.items()}

    @staticmethod
    def _read(path):
        try:
            with open(path, encoding='utf-8') as file:
                found = json.load(file)
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def of(self, entry):
        """Seconds, and where the number comes from: this very entry, others of its kind, or a guess."""
        if entry.name in self.seconds:
            return self.seconds[entry.name], 'measured'
        if entry.kind in self.by_kind:
            return self.by_kind[entry.kind], 'others of its kind'
        return _GUESSED[entry.kind], 'guessed'

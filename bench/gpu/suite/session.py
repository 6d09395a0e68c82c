"""What all groups share on this side of the worker: the folder, the options, time that is left, results, libraries."""
import hashlib
import json
import os
import time

from .estimates import Estimates
from .libraries import Libraries
from .store import Store
from .workers import Worker


class Session:
    def __init__(self, root, options):
        self.root = root
        self.options = options
        self.is_dry = options.dry_run
        self.began = time.monotonic()
        path = os.path.join(root, 'suite.json')
        with open(path, 'rb') as file:
            content = file.read()
        self.description = json.loads(content)
        self.identity = {'suite': hashlib.sha256(content).hexdigest()[:16], 'seed': options.seed, 'dry': options.dry_run}
        self.variants = [
            variant
            for variant in self.description['variants']
            if not options.match or any(text in variant['name'] for text in options.match)
        ]
        # Before results are set aside: how long things took is worth knowing from other devices too.
        self.estimates = Estimates(options.out)
        self.worker = Worker(root, {'root': root, 'is_dry': self.is_dry, 'seed': options.seed})
        self.libraries = Libraries(self)
        self.store = None

    def open_store(self):
        self.store = Store(self.options.out, self.identity, self.options.fresh)
        results = self.store.results
        results['heddle'] = {name: self.description[name] for name in ('heddle', 'revision', 'forms')}
        results['runs'][-1]['options'] = {name: value for name, value in vars(self.options).items() if value is not None}
        for note in self.store.notes:
            self.say(note)

    # ── Time ────────────────────────────────────────────────────────────────────────────────────────

    def elapsed(self):
        return time.monotonic() - self.began

    def left(self):
        return self.options.budget - self.elapsed()

    def say(self, text):
        print(f'[{self.elapsed():6.1f} s] {text}', flush=True)

    def path(self, *parts):
        return os.path.join(self.root, *parts)

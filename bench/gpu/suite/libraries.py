"""Which library or program serves a form: the one that came with the folder where it loads, else one that is built here."""
import concurrent.futures
import os

from . import programs
from .build import Builder, Found, architecture_of


class Libraries:
    """Libraries and programs of forms; `state` tells of each whether it is there, being built, or why it never will be."""

    def __init__(self, session):
        self.session = session
        cores = os.cpu_count() or 4
        jobs = session.options.jobs or max(1, cores - 2)
        self.builder = Builder(session.root, session.description.get('watchdog', 2), jobs)
        self.capability = None
        # By what is built ('library' or 'program') and the folder of the form: Found, a future of it, or the reason.
        self._known = {}
        self._unusable = {}
        # By the folder of the form: why its gradients are not asked for.
        self._without_gradients = {}

    def begin(self, capability):
        """Looks at what came with the folder, and starts to build what named variants lack."""
        self.capability = capability
        named = [form for variant in self.session.variants if 'workload' in variant for form in variant['forms']]
        if not self.session.is_dry:
            self._check_prepared(named)
        for form in named:
            self._begin_one('library', form)

    def _check_prepared(self, forms):
        """Loads what came with the folder, in the worker: what does not load is built here."""
        paths = {}
        for form in forms:
            found = self._prepared('library', form)
            if found is not None:
                paths[form['folder']] = found.path
        try:
            answer = self.session.worker.ask('load', {'paths': paths}, 60)
            refused = answer.get('refused', {path: answer.get('reason') for path in paths})
        except programs.Died as error:
            refused = {folder: str(error) for folder in paths}
        for folder, reason in refused.items():
            self._unusable['library', folder] = reason
        for reason in sorted(set(refused.values())):
            count = sum(each == reason for each in refused.values())
            self.session.say(f'{count} libraries that came with the folder are built anew: {reason}')

    def _prepared(self, what, form):
        """What came with the folder for this device."""
        if self.session.is_dry:
            path = form.get('emulated', {}).get(what)
            return None if path is None else Found(self.session.path(path), 'emulation')
        if (what, form['folder']) in self._unusable:
            return None
        try:
            wanted = architecture_of(form['form'], self.capability)
        except programs.Skipped:
            return None
        for each in form.get('prepared', []):
            path = self.session.path(each['path'])
            if each['what'] == what and each['architecture'] == wanted and os.path.exists(path):
                return Found(path, 'prepared')
        return None

    def _begin_one(self, what, form):
        key = (what, form['folder'])
        if key in self._known:
            return
        found = self._prepared(what, form)
        if found is None:
            found = self._build(what, form)
        self._known[key] = found

    def _build(self, what, form):
        if self.session.is_dry:
            # A library that is not there runs as eager PyTorch, which tries the suite; a program is needed.
            return Found(None, 'eager PyTorch') if what == 'library' else 'the folder has no program for the emulation'
        try:
            programs.find('nvcc')
            architecture = architecture_of(form['form'], self.capability)
        except programs.Skipped as reason:
            return str(reason)
        build = {'library': self.builder.library, 'program': self.builder.program}[what]
        return self.builder.submit(lambda: Found(build(form, architecture), 'here'))

    # ── What is there ───────────────────────────────────────────────────────────────────────────────

    def state(self, what, form):
        """('ready', Found), ('pending', None) or ('missing', the reason). Gradients are in the library, of forms that have them."""
        if what == 'gradients':
            reason = self._without_gradients.get(form['folder']) or form['training'].get('why')
            return self.state('library', form) if reason is None else ('missing', reason)
        self._begin_one(what, form)
        found = self._known[what, form['folder']]
        if isinstance(found, concurrent.futures.Future):
            if not found.done():
                return 'pending', None
            error = found.exception()
            found = found.result() if error is None else f'it does not build: {error}'
            self._known[what, form['folder']] = found
        return ('ready', found) if isinstance(found, Found) else ('missing', found)

    def refuse(self, what, form, reason):
        """What came with the folder does not run here: it is built, and asked for again. False where it was built here already."""
        state, found = self.state(what, form)
        if state != 'ready' or found.origin != 'prepared':
            return False
        self._unusable[what, form['folder']] = reason
        del self._known[what, form['folder']]
        return True

    def ban(self, form, reason):
        """A form whose kernels hang or break the device is not run again."""
        self._known['library', form['folder']] = reason
        self._known['program', form['folder']] = reason

    def ban_gradients(self, form, reason):
        self._without_gradients[form['folder']] = reason

    def await_one(self, seconds):
        """Waits until something is built that was not; False where nothing is being built."""
        pending = [each for each in self._known.values() if isinstance(each, concurrent.futures.Future) and not each.done()]
        if not pending:
            return False
        concurrent.futures.wait(pending, timeout=max(0.0, seconds), return_when=concurrent.futures.FIRST_COMPLETED)
        return True

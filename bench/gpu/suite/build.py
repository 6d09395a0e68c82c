"""Builds libraries and programs with nvcc: several at once, each once for each text, none of them waited for in vain."""
import collections
import concurrent.futures
import hashlib
import os
import threading

from . import programs

FLAGS = ['-std=c++17', '-O3']
# Some sources take minutes; whoever waits has a limit of its own.
_LIMIT = 420


def architecture_of(form, capability):
    """Kernels for every device are compiled for this one; those for one architecture need just that one. Raises Skipped."""
    name = '{}{}'.format(*capability)
    if not form.endswith('a'):
        return 'sm_' + name
    if form != f'sm_{name}a':
        raise programs.Skipped(f'{form} does not run on a device of compute capability {capability[0]}.{capability[1]}')
    return form


def gencode(architecture):
    name = architecture[len('sm_'):]
    return ['-gencode', f'arch=compute_{name},code=sm_{name}']


class Builder:
    """`watchdog`: turns of 2^32 clocks after which a wait of a kernel ends."""

    def __init__(self, root, watchdog, jobs):
        self.root = root
        self.watchdog = watchdog
        self.folder = os.path.join(root, 'build')
        self.jobs = jobs
        self._pool = None
        self._version = None
        self._lock = threading.Lock()

    def submit(self, work, *arguments):
        """A future of what one of the builders gives."""
        if self._pool is None:
            self._pool = concurrent.futures.ThreadPoolExecutor(max_workers=self.jobs)
        return self._pool.submit(work, *arguments)

    # ── What is built ───────────────────────────────────────────────────────────────────────────────

    def library(self, form, architecture):
        return self._make([each['source'] for each in form['modules']], '.so', [*self._own(architecture), '-Xcompiler', '-fPIC', '-shared', '-Xlinker', '-Bsymbolic'])

    def program(self, form, architecture):
        """The program without PyTorch around a form's launcher."""
        return self._make([form['source'], form['driver']], '.run', [*self._own(architecture), '-lineinfo'])

    def micro(self, source, architecture):
        more = ['-DHAS_WGMMA'] if architecture == 'sm_90a' else []
        return self._make([source], '.run', [*gencode(architecture), *more])

    def _own(self, architecture):
        return [*gencode(architecture), f'-DHEDDLE_WATCHDOG={self.watchdog}']

    def _make(self, sources, extension, flags):
        """The path of what nvcc makes, made once for each text."""
        nvcc = programs.find('nvcc')
        with self._lock:
            if self._version is None:
                self._version, _ = programs.run([nvcc, '--version'], 60)
        digest = hashlib.sha256(' '.join([self._version, *FLAGS, *flags]).encode())
        for source in sources:
            folder = os.path.join(self.root, os.path.dirname(source))
            headers = sorted(name for name in os.listdir(folder) if name.endswith('.h'))
            for name in [os.path.basename(source), *headers]:
                with open(os.path.join(folder, name), 'rb') as file:
                    digest.update(file.read())
        os.makedirs(self.folder, exist_ok=True)
        path = os.path.join(self.folder, digest.hexdigest()[:20] + extension)
        if os.path.exists(path):
            return path
        own = f'{path}.{os.getpid()}.{threading.get_ident()}.tmp'
        try:
            programs.run([nvcc, *FLAGS, *flags, *[os.path.join(self.root, source) for source in sources], '-o', own], _LIMIT, self.root)
            os.replace(own, path)
        finally:
            if os.path.exists(own):
                os.remove(own)
        return path


Found = collections.namedtuple('Found', ['path', 'origin'])
"""Something that was built, and where: 'prepared', 'here', or 'emulation'."""

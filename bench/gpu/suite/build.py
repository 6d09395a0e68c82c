"""Builds libraries with nvcc: in parallel, and once for each text of kernels."""
import concurrent.futures
import hashlib
import os
import shutil
import subprocess
import threading
import time

from .context import Skipped

_FLAGS = ['-std=c++17', '-O3', '-lineinfo', '-Xcompiler', '-fPIC']
_PATIENCE = 400


def nvcc():
    found = shutil.which('nvcc')
    if found is None:
        from torch.utils.cpp_extension import CUDA_HOME

        found = os.path.join(CUDA_HOME, 'bin', 'nvcc') if CUDA_HOME else None
    if found is None or not os.path.exists(found):
        raise Skipped('there is no nvcc: put it on the PATH, or let CUDA_HOME name the toolkit')
    return found


def architecture_flags(form, capability):
    """Kernels for every device are compiled for this one; those for one architecture need just that one."""
    major, minor = capability
    name = form[len('sm_'):] if form.endswith('a') else f'{major}{minor}'
    if form.endswith('a') and name != f'{major}{minor}a':
        raise Skipped(f'{form} does not run on a device of compute capability {major}.{minor}')
    return ['-gencode', f'arch=compute_{name},code=sm_{name}']


def run(command, patience, cwd):
    """Ends with the error's own words where a command fails."""
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=patience)
    text = done.stdout.decode(errors='replace')
    if done.returncode != 0:
        raise RuntimeError(f'{os.path.basename(command[0])} ended with {done.returncode}: {text.strip()[-2000:]}')
    return text


class Builder:
    def __init__(self, context):
        self.context = context
        self.nvcc = nvcc()
        self.version = run([self.nvcc, '--version'], 60, context.root)
        self.folder = context.path('build')
        os.makedirs(self.folder, exist_ok=True)

    def _key(self, source, flags):
        digest = hashlib.sha256(' '.join([self.version, *flags]).encode())
        folder = self.context.path(os.path.dirname(source))
        headers = sorted(name for name in os.listdir(folder) if name.endswith('.h'))
        for name in [os.path.basename(source), *headers]:
            with open(os.path.join(folder, name), 'rb') as file:
                digest.update(file.read())
        return digest.hexdigest()[:20]

    def _make(self, target, command):
        """Runs a command that makes a file, unless the file is there."""
        path = os.path.join(self.folder, target)
        if not os.path.exists(path):
            own = f'{path}.{os.getpid()}.{threading.get_ident()}.tmp'
            try:
                run([*command, '-o', own], _PATIENCE, self.context.root)
                os.replace(own, path)
            finally:
                if os.path.exists(own):
                    os.remove(own)
        return path

    def object(self, source, flags):
        key = self._key(source, flags)
        return key, self._make(key + '.o', [self.nvcc, *_FLAGS, *flags, '-c', self.context.path(source)])

    def library(self, form):
        flags = architecture_flags(form['form'], self.context.capability)
        key, compiled = self.object(form['source'], flags)
        link = ['-shared', '-Xlinker', '-Bsymbolic', compiled]
        return self._make(key + '.so', [self.nvcc, *flags, *link])

    def driver(self, form):
        """The program without PyTorch that compute-sanitizer runs."""
        flags = architecture_flags(form['form'], self.context.capability)
        key, compiled = self.object(form['source'], flags)
        own, driver = self.object(form['driver'], flags)
        return self._make(f'{key}-{own}.run', [self.nvcc, *flags, compiled, driver])

    def program(self, source, flags):
        key = self._key(source, flags)
        return self._make(key + '.run', [self.nvcc, '-std=c++17', '-O3', *flags, self.context.path(source)])


def in_parallel(context, tasks, jobs, until):
    """Runs (name, function) and gives (name, result or exception) as they come; what time does not allow is left out."""
    pool = concurrent.futures.ThreadPoolExecutor(max_workers=max(1, jobs))
    futures = {pool.submit(task): name for name, task in tasks}
    try:
        for future in concurrent.futures.as_completed(futures, timeout=max(0.1, until - time.monotonic())):
            error = future.exception()
            yield futures.pop(future), error if error is not None else future.result()
    except concurrent.futures.TimeoutError:
        for future, name in futures.items():
            if future.cancel() or not future.done():
                context.leave_out(f'{name}: out of time')
    finally:
        for future in futures:
            future.cancel()
        pool.shutdown(wait=False)


def build(context):
    """Libraries of all forms that run here and that a part needs, the named variants first."""
    if context.is_dry:
        context.leave_out('build: a dry run builds nothing, and packages run as eager PyTorch')
        return
    builder = Builder(context)
    tasks, forms = [], {}
    is_checked = context.options.only is None or 'correctness' in context.options.only
    for variant in context.variants:
        if not is_checked and 'workload' not in variant:
            continue
        for form in variant['forms']:
            name = f"{variant['name']} for {form['form']}"
            try:
                architecture_flags(form['form'], context.capability)
            except Skipped as reason:
                context.leave_out(f'{name}: {reason}')
                continue
            forms[name] = form
            tasks.append((name, lambda form=form: builder.library(form)))
    jobs = context.options.jobs or os.cpu_count() or 4
    began = time.monotonic()
    for name, result in in_parallel(context, tasks, jobs, context.share(0.6)):
        if isinstance(result, Exception):
            context.fail(f'{name} does not build: {result}')
        else:
            context.libraries[forms[name]['folder']] = result
    seconds = time.monotonic() - began
    context.results['build'] = {'nvcc': builder.version.strip().splitlines(), 'seconds': seconds, 'libraries': len(context.libraries)}
    context.say(f'{len(context.libraries)} of {len(tasks)} libraries are there, after {seconds:.0f} s on {jobs} cores')

"""Runs other programs, each with a limit of time: what does not end in it is ended, with all that it has started."""
import os
import shutil
import signal
import subprocess
import threading


class Skipped(Exception):
    """Something cannot be done here; the text says why."""


class Died(Exception):
    """Something gave no answer, or ended with an error; the text says which."""


_running = set()
_lock = threading.Lock()


def end(process):
    """Ends a program that leads a session of its own, and what it has started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def end_all():
    with _lock:
        for process in _running:
            end(process)


def run(command, limit, cwd=None, environment=None, accepted=(0,)):
    """
    What a program says, and the code that it ends with. Raises Died where that is none of the accepted ones, or where the limit,
    in seconds, is over; Skipped where the program cannot be started.
    """
    name = os.path.basename(command[0])
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=None if environment is None else {**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise Skipped(f'{name} cannot be started: {error}') from None
    with _lock:
        _running.add(process)
    try:
        said, _ = process.communicate(timeout=max(0.1, limit))
    except subprocess.TimeoutExpired:
        end(process)
        process.communicate()
        raise Died(f'{name} was not done after {limit:.0f} s') from None
    finally:
        with _lock:
            _running.discard(process)
    text = said.decode(errors='replace')
    if process.returncode not in accepted:
        raise Died(f'{name} ended with {process.returncode}: {text.strip()[-1500:]}')
    return text, process.returncode


def toolkit():
    """The folder of the CUDA toolkit, where one is found."""
    named = os.environ.get('CUDA_HOME') or os.environ.get('CUDA_PATH')
    on_path = shutil.which('nvcc')
    for folder in (named, on_path and os.path.dirname(os.path.dirname(os.path.realpath(on_path))), '/usr/local/cuda'):
        if folder and os.path.isdir(folder):
            return folder
    return None


def find(name):
    """A program of the toolkit, on the PATH or in the toolkit's folder. Raises Skipped where it is not installed."""
    found = shutil.which(name)
    if found is None and toolkit() is not None:
        candidate = os.path.join(toolkit(), 'bin', name)
        found = candidate if os.path.exists(candidate) else None
    if found is None:
        raise Skipped(f'{name} is not installed: put it on the PATH, or let CUDA_HOME name the toolkit')
    return found

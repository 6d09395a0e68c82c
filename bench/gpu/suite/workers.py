"""The worker as its owner sees it: started when it is needed, asked with a limit, ended when it does not answer."""
import json
import os
import select
import subprocess
import sys
import tempfile
import time

from . import programs

COMMAND = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'worker.py')]
# Importing PyTorch from a disk that has not read it yet.
_STARTING = 90.0


class Worker:
    """`device` is what the worker's device is made of; `root` the folder that it works in."""

    def __init__(self, root, device):
        self.root = root
        self.device = device
        self._process = None
        self._log = None
        self._pending = b''

    def start(self):
        """Starts the process, if there is none; it gets ready on its own."""
        if self._process is not None and self._process.poll() is None:
            return
        self.end()
        self._log = tempfile.TemporaryFile()
        self._pending = b''
        self._process = subprocess.Popen(
            [*COMMAND, json.dumps(self.device)],
            cwd=self.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,
        )
        # The first answer comes when PyTorch is there.
        self._is_ready = False

    def end(self):
        if self._process is None:
            return
        programs.end(self._process)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            stream.close()
        self._process = None

    def ask(self, task, arguments, limit):
        """
        The answer to a task. Raises Died where there is none within the limit (seconds), where the process ends, and where what
        it does has broken the device for it; the next task then has a new process.
        """
        self.start()
        if not self._is_ready:
            self._exchange({'task': 'ready', 'arguments': {}}, _STARTING)
            self._is_ready = True
        answer = self._exchange({'task': task, 'arguments': arguments}, limit)
        if answer.get('is_broken'):
            self.end()
        return answer

    def _exchange(self, request, limit):
        begin = self._log.seek(0, os.SEEK_END)
        try:
            self._process.stdin.write((json.dumps(request) + '\n').encode())
            self._process.stdin.flush()
            return json.loads(self._line(time.monotonic() + limit))
        except (TimeoutError, OSError, ValueError) as error:
            why = f'no answer in {limit:.0f} s' if isinstance(error, TimeoutError) else self._how_it_ended()
            said = self._said(begin)
            self.end()
            raise programs.Died(f'{why}{": " + said if said else ""}') from None

    def _line(self, until):
        """The next line of answers; ValueError where the process has ended."""
        while b'\n' not in self._pending:
            readable, _, _ = select.select([self._process.stdout], [], [], max(0.0, until - time.monotonic()))
            if not readable:
                raise TimeoutError
            part = os.read(self._process.stdout.fileno(), 1 << 16)
            if not part:
                raise ValueError('the end')
            self._pending += part
        line, _, self._pending = self._pending.partition(b'\n')
        return line

    def _how_it_ended(self):
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return 'the process does not answer'
        return f'the process ended by signal {-code}' if code < 0 else f'the process ended with {code}'

    def _said(self, begin):
        self._log.seek(begin)
        return self._log.read().decode(errors='replace').strip()[-1500:]

"""What a run leaves in its folder: settings.json, log.jsonl and checkpoint.pt, each whole at every moment.

A file is written beside its place and then moved there; the log grows by whole lines and is cut back to its checkpoint on resuming.
"""
import json
import math
import os

import torch


def replace(path, write):
    """Puts a file in its place at once: `write` is given the path of a new one beside it."""
    beside = f'{path}.{os.getpid()}.part'
    try:
        write(beside)
        with open(beside, 'rb') as file:
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        if os.path.exists(beside):
            os.remove(beside)


def write_text(path, text):
    def write(beside):
        with open(beside, 'w', encoding='utf-8') as file:
            file.write(text)

    replace(path, write)


def save(path, state):
    replace(path, lambda beside: torch.save(state, beside))


def finite(value):
    """A number for JSON, which knows neither NaN nor infinity."""
    return value if not isinstance(value, float) or math.isfinite(value) else None


class Log:
    """Lines of JSON, one a record. `place` is where the next one begins."""

    def __init__(self, path, place):
        self._path, self.place = path, place
        if os.path.exists(path):
            with open(path, 'r+b') as file:
                file.truncate(min(place, os.path.getsize(path)))

    def write(self, record):
        line = (json.dumps({key: finite(value) for key, value in record.items()}, allow_nan=False) + '\n').encode()
        with open(self._path, 'ab') as file:
            file.write(line)
        self.place += len(line)


class Boards:
    """TensorBoard beside the log, where it is installed."""

    def __init__(self, folder, step):
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            self._writer = None
        else:
            self._writer = SummaryWriter(os.path.join(folder, 'tensorboard'), purge_step=step)

    def write(self, kind, step, values):
        if self._writer is not None:
            for name, value in values.items():
                self._writer.add_scalar(f'{kind}/{name}', value, step)

    def close(self):
        if self._writer is not None:
            self._writer.close()


def records_of(path):
    """The records of a log, up to the first line that is none."""
    found = []
    if os.path.exists(path):
        with open(path, encoding='utf-8') as file:
            for line in file:
                try:
                    found.append(json.loads(line))
                except ValueError:
                    break
    return found

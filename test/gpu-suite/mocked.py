"""Runs the suite as on a device, on the host: torch.cuda is mocked, libraries hold kernels on the emulation, and compilers and
sanitizers are small scripts. So the lines run that a dry run leaves out. Arguments: the folder, then those of run.py.
"""
import contextlib
import os
import stat
import sys
import time
import types

folder = os.path.abspath(sys.argv[1])
sys.path.insert(0, folder)
os.chdir(folder)
import torch

HOST = torch.device('cpu')


class Event:
    def __init__(self, enable_timing):
        self.at = None

    def record(self):
        self.at = time.perf_counter()

    def elapsed_time(self, other):
        return (other.at - self.at) * 1e3


class Stream:
    def wait_stream(self, other):
        pass

    def synchronize(self):
        pass


mocks = {
    'is_available': lambda: True,
    'get_device_capability': lambda device=None: (9, 0),
    'get_device_properties': lambda device: types.SimpleNamespace(name='a mock', multi_processor_count=132, total_memory=2**37),
    'mem_get_info': lambda device: (2**20, 2**37),
    'memory_allocated': lambda device: 100,
    'max_memory_allocated': lambda device: 100 + 2**20,
    'Event': Event,
    'Stream': Stream,
    'current_stream': lambda *_: Stream(),
    'stream': lambda stream: contextlib.nullcontext(),
    **{name: lambda *_: None for name in ('synchronize', 'reset_peak_memory_stats', 'empty_cache')},
}
for name, mock in mocks.items():
    setattr(torch.cuda, name, mock)

# Programs that the suite calls, by what they would say.
programs = os.path.join(folder, 'mocked-programs')
os.makedirs(programs, exist_ok=True)
scripts = {
    # Everything compiles; a compiled program prints a rate.
    'nvcc': 'for last; do :; done\nif [ "$1" = --version ]; then echo a mock of nvcc; exit 0; fi\n'
    'printf \'#!/bin/sh\\necho noise\\necho "{\\\\"name\\\\": \\\\"mma.sync\\\\", \\\\"detail\\\\": \\\\"mocked\\\\", '
    '\\\\"median_ms\\\\": 1.0, \\\\"least_ms\\\\": 1.0, \\\\"tflops\\\\": 500.0}"\\n\' > "$last"\nchmod +x "$last"\n',
    'nvidia-smi': 'case "$2" in *driver*) echo 580.1;; *clocks.max.sm*) echo 1980;; *) exit 1;; esac\n',
    'compute-sanitizer': 'case "$2" in racecheck) echo "a race at line 7"; exit 9;; synccheck) echo unknown; exit 4;; esac\n"$5" >/dev/null\n',
}
for name, text in scripts.items():
    path = os.path.join(programs, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write('#!/bin/sh\n' + text)
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
os.environ['PATH'] = programs + os.pathsep + os.environ['PATH']

from suite import build, context, machine, timing

# What PyTorch does with a device happens on the host.
make_context, make_package, make_clock = context.Context.__init__, context.Package.__init__, timing.Clock.__init__


def context_on_host(self, root, options):
    make_context(self, root, options)
    self.device = HOST


def package_on_host(self, path, library):
    make_package(self, path, None)
    self.module.use_library(os.path.join(os.path.dirname(path), 'emulated.so'), 'cpu')


def clock_of_device(self, device):
    make = torch.empty
    torch.empty = lambda *sizes, **options: make(*sizes, **{**options, 'device': HOST})
    try:
        make_clock(self, types.SimpleNamespace(type='cuda'))
    finally:
        torch.empty = make


context.Context.__init__ = context_on_host
context.Package.__init__ = package_on_host
timing.Clock.__init__ = clock_of_device
machine._least_seconds = lambda call: 1e-3

import run

code = run.main(sys.argv[2:])
sys.stdout.flush()
os._exit(code)

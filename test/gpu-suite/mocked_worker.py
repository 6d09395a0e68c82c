"""The worker of the GPU suite with a device that is mocked: what PyTorch does with it happens on the host. Arguments: the folder, then
those of the worker.
"""
import contextlib
import sys
import time
import types

sys.path[0] = sys.argv[1]
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

from suite import device, machine, worker

make = device.Device.__init__


def device_on_host(self, root, is_dry, seed):
    make(self, root, is_dry, seed)
    self.torch = HOST


device.Device.__init__ = device_on_host
# Sizes of a device take a host minutes.
machine._least_seconds = lambda *_: 1e-3
randint, randn = torch.randint, torch.randn


def smaller(size):
    return min(size, 64) if isinstance(size, int) else size


torch.randint = lambda low, high, size, **named: randint(low, high, [smaller(each) for each in size], **named)
torch.randn = lambda *sizes, **named: randn(*[smaller(each) for each in sizes], **named)
worker.main(sys.argv[2:])

"""Times of calls: contenders in turns, a cold L2 before each call, every sample kept."""
import collections
import statistics
import time

import torch

from .contenders import contenders, quietly, rivals
from .device import shape_of
from .programs import Skipped
from .work import BATCH, work

# Seconds that the rounds of one entry may take.
_ROUNDS_SECONDS = 4.0


class Clock:
    """Milliseconds of a call on the device, with what it reads out of the L2 cache first."""

    def __init__(self, device, is_cold=True):
        self.device = device
        self.cleared = None
        if device.is_cuda:
            self.before = torch.cuda.Event(enable_timing=True)
            self.after = torch.cuda.Event(enable_timing=True)
        if device.is_cuda and is_cold:
            free, _ = torch.cuda.mem_get_info(device.torch)
            # Far more than any L2; clearing it also takes long enough for the call to be in the queue when it is done.
            self.cleared = torch.empty(min(2**31, free // 16), dtype=torch.uint8, device=device.torch)

    def time(self, call, prepare=None):
        """`prepare` is called before, and not timed: what it gives is what the call takes."""
        given = () if prepare is None else (prepare(),)
        if not self.device.is_cuda:
            began = time.perf_counter()
            call(*given)
            return (time.perf_counter() - began) * 1e3
        if self.cleared is not None:
            self.cleared.zero_()
        self.before.record()
        call(*given)
        self.after.record()
        torch.cuda.synchronize()
        return self.before.elapsed_time(self.after)

    def host(self, call):
        """Milliseconds until a call returns, the least of three: the kernels may still be at work."""
        times = []
        for _ in range(3):
            self.device.synchronize()
            began = time.perf_counter()
            call()
            times.append((time.perf_counter() - began) * 1e3)
        return min(times)

    def peak(self, call):
        """Bytes that a call takes at most, its outputs included."""
        if not self.device.is_cuda:
            call()
            return None
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats(self.device.torch)
        held = torch.cuda.memory_allocated(self.device.torch)
        call()
        torch.cuda.synchronize()
        return torch.cuda.max_memory_allocated(self.device.torch) - held


def interleaved(calls, clock, rounds):
    """
    Samples by name of (name, call), or (name, call, prepare): in each round everybody has a turn. Who fails is out, with the error in
    the place of samples.
    """
    samples = {name: [] for name, *_ in calls}
    for _ in range(rounds):
        for name, *call in calls:
            if isinstance(samples[name], Exception):
                continue
            try:
                samples[name].append(clock.time(*call))
            except Exception as error:  # the others have their turns all the same
                samples[name] = error.with_traceback(None)
    return samples


def summary(samples):
    return {'median_ms': statistics.median(samples), 'least_ms': min(samples), 'most_ms': max(samples), 'samples_ms': samples}


def time_of(device, arguments):
    """Our forms and SDPA, in turns."""
    return measured(device, arguments, contenders)


def rival(device, arguments):
    """One contender that takes long to be made, alone."""
    return measured(device, arguments, rivals)


def _why(error):
    return 'out of memory' if 'out of memory' in str(error).lower() else f'{type(error).__name__}: {str(error)[:300]}'


class Parts(collections.namedtuple('Parts', ['whole', 'parts'])):
    """A call that is also timed in parts: by the name of each, the call, or the call and what prepares it."""


def measured(device, arguments, make_contenders, workload=None):
    """
    Contenders of a workload, by default that of the variant, in turns. Making one gives its call, or Parts; calls decide themselves
    whether they keep what gradients need.
    """
    variant, length = arguments['variant'], arguments['length']
    workload, head_dim = workload or variant['workload'], variant['settings']['headDim']
    queries, rows = shape_of(variant, length)
    package = device.eager_package(arguments['forms'][0])
    tensors = package.draw(BATCH, queries, length, device)
    heads = tensors['q'].shape[1]
    shape = {'workload': workload, 'variant': variant['name'], 'head_dim': head_dim, 'length': length, 'batch': BATCH, 'heads': heads}
    counted = work(workload, heads, head_dim, length, queries)
    clock = Clock(device)
    entries, calls = [], []
    with quietly():
        for name, make in make_contenders(device, arguments, tensors, rows):
            entry = {**shape, **counted, 'contender': name}
            entries.append(entry)
            try:
                calls.append((name, _started(device, clock, entry, make)))
            except Skipped as reason:
                entry['missing'] = str(reason)
            except Exception as error:  # what one cannot do says nothing of the others
                if device.is_cuda and 'cuda error' in str(error).lower():
                    raise
                entry['missing'] = _why(error)
            device.release()
        timed = {entry['contender']: entry for entry in entries if 'missing' not in entry}
        _in_rounds(clock, calls, timed, arguments['rounds'])
    if not timed:
        return {'status': 'skipped', 'reason': '; '.join(f"{each['contender']}: {each['missing']}" for each in entries), 'measured': entries}
    said = ', '.join(f"{each['contender']} {each['median_ms']:.3f}" for each in entries if 'median_ms' in each)
    return {'status': 'done', 'said': said + ' ms', 'measured': entries}


def _started(device, clock, entry, make):
    """A contender's call, made and run for the first times."""
    made = make()
    call, parts = made if isinstance(made, Parts) else (made, {})
    call()
    device.synchronize()
    entry['peak_bytes'] = clock.peak(call)
    entry['first_ms'] = clock.time(call)
    # Where a call takes that long on the host, and less on the device, the host is what is timed.
    entry['host_ms'] = clock.host(call) if entry['first_ms'] < 100 else None
    return call, parts


def _in_rounds(clock, calls, timed, most):
    """Three rounds at least, and no more than the time that they have allows."""
    # Parts together take as long as the whole, and what prepares them less than that.
    turns = {name: 3 if parts else 1 for name, (_, parts) in calls}
    round_seconds = max(1e-6, sum(turns[name] * entry['first_ms'] for name, entry in timed.items()) * 1e-3)
    rounds = max(3, min(most, int(_ROUNDS_SECONDS / round_seconds)))
    flat = []
    for name, (call, parts) in calls:
        flat.append(((name, None), call))
        flat.extend(((name, part), *each) for part, each in parts.items())
    for (name, part), samples in interleaved(flat, clock, rounds).items():
        entry = timed.get(name)
        if entry is None:
            continue
        if part is not None:
            found = {'missing': _why(samples)} if isinstance(samples, Exception) else summary(samples)
            entry.setdefault('parts', {})[part] = found
            continue
        if isinstance(samples, Exception):
            entry['missing'] = _why(samples)
            del timed[name]
            continue
        entry.update(summary(samples))
        seconds = entry['median_ms'] * 1e-3
        entry['tflops'] = entry['operations'] / seconds * 1e-12
        entry['plain_tflops'] = entry['plain_operations'] / seconds * 1e-12
        entry['gbytes'] = entry['bytes'] / seconds * 1e-9

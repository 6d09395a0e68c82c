"""Times of forward passes: contenders in turns, a cold L2 before each call, every sample kept."""
import statistics
import time

import torch

from .context import Skipped, is_out_of_memory
from .contenders import WINDOW, contenders, quietly

BATCH = 2
_WORKLOADS = ['mta', 'causal', 'window', 'mta-all', 'decode', 'mta-decode']
_TAPS = 6 * 11


def plan(context):
    """(variant, head size, length), what the marks are about first."""
    lengths, head_dims = context.options.lengths, context.options.head_dims
    named = {(each['workload'], each['settings']['headDim']): each for each in context.variants if 'workload' in each}
    first = (128, 8192)
    order = sorted(
        [(workload, head_dim, length) for workload in _WORKLOADS for head_dim in head_dims for length in lengths],
        key=lambda each: (
            each[1] != first[0],
            each[2] != first[1],
            _WORKLOADS.index(each[0]) > 1,
            each[1],
            each[2],
            _WORKLOADS.index(each[0]),
        ),
    )
    return [(named[workload, head_dim], head_dim, length) for workload, head_dim, length in order if (workload, head_dim) in named]


def visible_pairs(workload, length):
    """Pairs of a query and a key that it sees, of one head."""
    if workload.endswith('decode'):
        return length
    if workload == 'window':
        return sum(min(row + 1, WINDOW) for row in range(length))
    return length * (length + 1) // 2


def work(workload, heads, head_dim, length, queries):
    """
    Operations and bytes of one call. Plain attention takes 4 D operations for each pair of a query and a key that it sees; a
    convolution of 6 x 11 another 132, a mix of 16 heads another 32. Bytes: q, k, v and the output once, in 16 bits.
    """
    pairs = BATCH * heads * visible_pairs(workload, length)
    plain = 4 * head_dim * pairs
    extra = {'mta': 2 * _TAPS, 'mta-decode': 2 * _TAPS, 'mta-all': 4 * _TAPS + 4 * heads}.get(workload, 0)
    rows = 1 if workload.endswith('decode') else length
    moved = 2 * BATCH * heads * head_dim * (queries + 2 * length + rows)
    return {'plain_operations': plain, 'operations': plain + extra * pairs, 'bytes': moved}


class Clock:
    """Milliseconds of a call on the device, with what it reads out of the L2 cache first."""

    def __init__(self, device):
        self.is_cuda = device.type == 'cuda'
        if self.is_cuda:
            free, _ = torch.cuda.mem_get_info(device)
            # Far more than any L2; clearing it also takes long enough for the call to be in the queue when it is done.
            self.cleared = torch.empty(min(2**31, free // 16), dtype=torch.uint8, device=device)
            self.before = torch.cuda.Event(enable_timing=True)
            self.after = torch.cuda.Event(enable_timing=True)

    def time(self, call):
        if not self.is_cuda:
            began = time.perf_counter()
            call()
            return (time.perf_counter() - began) * 1e3
        self.cleared.zero_()
        self.before.record()
        call()
        self.after.record()
        torch.cuda.synchronize()
        return self.before.elapsed_time(self.after)

    def host(self, call):
        """Milliseconds until a call returns, the least of three: the kernels may still be at work."""
        times = []
        for _ in range(3):
            if self.is_cuda:
                torch.cuda.synchronize()
            began = time.perf_counter()
            call()
            times.append((time.perf_counter() - began) * 1e3)
        return min(times)

    def peak(self, call, device):
        """Bytes that a call takes at most, its outputs included."""
        if not self.is_cuda:
            call()
            return None
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats(device)
        held = torch.cuda.memory_allocated(device)
        call()
        torch.cuda.synchronize()
        return torch.cuda.max_memory_allocated(device) - held


def interleaved(calls, clock, rounds):
    """Samples by name: in each round everybody has a turn. Who fails is out, with the error in the place of samples."""
    samples = {name: [] for name, _ in calls}
    for _ in range(rounds):
        for name, call in calls:
            if isinstance(samples[name], Exception):
                continue
            try:
                samples[name].append(clock.time(call))
            except Exception as error:  # the others have their turns all the same
                samples[name] = error.with_traceback(None)
    return samples


def summary(samples):
    return {
        'median_ms': statistics.median(samples),
        'least_ms': min(samples),
        'most_ms': max(samples),
        'samples_ms': samples,
    }


def measure(context):
    clock = Clock(context.device)
    measured = []
    context.results['timing'] = measured
    until = context.share(0.8)
    for variant, head_dim, length in plan(context):
        what = f"{variant['name']} at {length}"
        if time.monotonic() > until:
            context.leave_out(f'time of {what}: out of time')
            continue
        try:
            entries = _group(context, clock, variant, head_dim, length, until)
        except Skipped as reason:
            context.leave_out(f'time of {what}: {reason}')
            continue
        except Exception as error:  # the other sizes may work
            context.problem(f'time of {what}: {type(error).__name__}: {error}')
            _release(context)
            continue
        measured.extend(entries)
        shown = [f"{each['contender']} {each['median_ms']:.3f}" for each in entries if 'median_ms' in each]
        context.say(f'{what}, ms: ' + ', '.join(shown))


def _why(error):
    return 'out of memory' if is_out_of_memory(error) else f'{type(error).__name__}: {str(error)[:300]}'


def _release(context):
    if context.device.type == 'cuda':
        torch.cuda.empty_cache()


def _group(context, clock, variant, head_dim, length, until):
    workload = variant['workload']
    is_decode = workload.endswith('decode')
    queries = 1 + variant['history'] if is_decode else length
    rows = 1 if is_decode else None
    forms = context.forms(variant)
    if not forms:
        raise Skipped('nothing was built')
    package = context.package(forms[0])
    tensors = package.draw(BATCH, queries, length, context.options.seed, context.device)
    heads = tensors['q'].shape[1]
    shape = {'workload': workload, 'variant': variant['name'], 'head_dim': head_dim, 'length': length, 'batch': BATCH, 'heads': heads}
    counted = work(workload, heads, head_dim, length, queries)
    entries, calls = [], []
    with quietly():
        for name, make in contenders(context, variant, tensors, rows, length, head_dim):
            entry = {**shape, **counted, 'contender': name}
            entries.append(entry)
            try:
                call = make()
                call()
                entry['peak_bytes'] = clock.peak(call, context.device)
                entry['first_ms'] = clock.time(call)
                # Where a call takes that long on the host, and less on the device, the host is what is timed.
                entry['host_ms'] = clock.host(call) if entry['first_ms'] < 100 else None
                calls.append((name, call))
            except Skipped as reason:
                entry['missing'] = str(reason)
            except Exception as error:  # what one cannot do says nothing of the others
                entry['missing'] = _why(error)
            # Nothing of one contender may be in the memory of the next.
            _release(context)
        timed = {entry['contender']: entry for entry in entries if 'missing' not in entry}
        round_seconds = max(1e-6, sum(entry['first_ms'] for entry in timed.values()) * 1e-3)
        # Three rounds at least, and no more than the time that is left allows.
        allowed = min(4.0, max(0.0, until - time.monotonic()))
        rounds = max(3, min(context.options.rounds, int(allowed / round_seconds)))
        for name, samples in interleaved(calls, clock, rounds).items():
            entry = timed[name]
            if isinstance(samples, Exception):
                entry['missing'] = _why(samples)
                continue
            entry.update(summary(samples))
            seconds = entry['median_ms'] * 1e-3
            entry['tflops'] = counted['operations'] / seconds * 1e-12
            entry['plain_tflops'] = counted['plain_operations'] / seconds * 1e-12
            entry['gbytes'] = counted['bytes'] / seconds * 1e-9
    limits = context.results.get('limits', {})
    if 'matmul_tflops' in limits:
        by_work = counted['operations'] / (limits['matmul_tflops'] * 1e12)
        by_bytes = counted['bytes'] / (limits['copy_gbytes'] * 1e9)
        entries.append({**shape, **counted, 'contender': 'roofline', 'median_ms': max(by_work, by_bytes) * 1e3})
    return entries

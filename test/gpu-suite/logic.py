"""The logic of the GPU suite's harness, without a device: statistics, work, tables, marks, order and time. Argument: the folder."""
import os
import sys
import time
import types

sys.path.insert(0, sys.argv[1])
import torch

from suite import build, report, timing
from suite.context import Skipped, is_out_of_memory
from suite.timing import BATCH, WINDOW

# Statistics keep every sample.
found = timing.summary([3.0, 1.0, 2.0, 10.0])
assert found == {'median_ms': 2.5, 'least_ms': 1.0, 'most_ms': 10.0, 'samples_ms': [3.0, 1.0, 2.0, 10.0]}, found

# Pairs by counting them, and the work of a call.
for length in (1, 7, WINDOW + 5):
    row = torch.arange(length)
    causal = row[None, :] <= row[:, None]
    assert timing.visible_pairs('mta', length) == int(causal.sum())
    assert timing.visible_pairs('window', length) == int((causal & (row[:, None] - row[None, :] < WINDOW)).sum())
    assert timing.visible_pairs('mta-decode', length) == length
counted = timing.work('mta', 16, 64, 100, 100)
pairs = BATCH * 16 * 5050
assert counted == {'plain_operations': 256 * pairs, 'operations': (256 + 132) * pairs, 'bytes': 2 * BATCH * 16 * 64 * 400}, counted
assert timing.work('causal', 16, 64, 100, 100)['operations'] == 256 * pairs
assert timing.work('mta-all', 16, 64, 100, 100)['operations'] == (256 + 2 * 132 + 2 * 32) * pairs
assert timing.work('decode', 16, 64, 100, 1)['bytes'] == 2 * BATCH * 16 * 64 * (1 + 200 + 1)


# Contenders take turns.
class Clock:
    def time(self, call):
        return call()


order = []
calls = [(name, lambda name=name: order.append(name) or float(len(order))) for name in 'ab']
assert timing.interleaved(calls, Clock(), 3) == {'a': [1.0, 3.0, 5.0], 'b': [2.0, 4.0, 6.0]}
assert order == list('ababab')



def fails_once(state=[]):
    state.append(0)
    if len(state) == 2:
        raise RuntimeError('CUDA out of memory')
    return 1.0


found = timing.interleaved([('a', fails_once), ('b', lambda: 2.0)], Clock(), 3)
assert found['b'] == [2.0, 2.0, 2.0] and timing._why(found['a']) == 'out of memory', found

# What the marks are about is measured first.
variants = [
    {'name': f'{workload}-{head_dim}', 'workload': workload, 'settings': {'headDim': head_dim}}
    for workload in ('causal', 'mta', 'window')
    for head_dim in (64, 128)
]
options = types.SimpleNamespace(lengths=[1024, 8192], head_dims=[64, 128])
plan = [(variant['name'], length) for variant, _, length in timing.plan(types.SimpleNamespace(variants=variants, options=options))]
assert plan[:3] == [('mta-128', 8192), ('causal-128', 8192), ('window-128', 8192)], plan
assert len(plan) == 12 and len(set(plan)) == 12


def entry(workload, length, head_dim, contender, median, **more):
    return {'workload': workload, 'length': length, 'head_dim': head_dim, 'batch': 2, 'heads': 16, 'contender': contender, 'median_ms': median, **more}


# Marks: met, not met, open.
entries = [
    entry('mta', 8192, 128, 'heddle sm_80', 9.0, peak_bytes=64 * 2**20),
    entry('mta', 8192, 128, 'heddle sm_90a', 5.0, peak_bytes=64 * 2**20),
    entry('mta', 4096, 128, 'heddle sm_80', 2.0, peak_bytes=32 * 2**20),
    entry('mta', 8192, 128, 'eager', 200.0),
    entry('mta', 8192, 128, 'eager in bf16', 90.0),
    entry('causal', 8192, 128, 'SDPA cudnn', 2.0),
    entry('causal', 8192, 128, 'heddle sm_80', 3.0),
    entry('causal', 8192, 128, 'FlexAttention', 2.5),
]
assert [met for _, _, met in report.marks(entries)] == [True, False, False, True], report.marks(entries)
assert report.marks(entries)[0][1] == '2.50 times' and report.marks(entries)[1][1] == '18.00 times'
assert [met for _, _, met in report.marks(entries[5:])] == [None, None, False, None]
squares = [entry('mta', length, 128, 'heddle sm_80', 1.0, peak_bytes=length**2) for length in (1024, 2048)]
assert report.marks(squares)[3][2] is False

# Tables and the text of everything.
lines = report.table([['a', 'b', 1.5], ['longer', '', 'out of memory']], ['name', 'how', 'ms']).splitlines()
assert len({len(line) for line in lines[:2]}) == 1 and lines[2].endswith('1.5') and lines[3].endswith('out of memory'), lines
text = report.text(
    {
        'machine': {'device': 'a device', 'torch': '2.9'},
        'limits': {'matmul_tflops': 700.0, 'copy_gbytes': 4000.0},
        'micro': [{'name': 'mma.sync', 'detail': '4 warps', 'median_ms': 1.0, 'tflops': 600.0}],
        'timing': [*entries, {**entry('mta', 8192, 128, 'torch.compile', 0.0), 'missing': 'out of memory'}],
        'correctness': [{'passed': True}, {'passed': False}],
        'sanitizer': [{'code': 0}, {'code': 9}],
        'failures': ['something'],
        'left_out': ['something else'],
    }
)
for part in ('a device', 'mma.sync', '600.0', '1 of 2 checks', '1 of 2 runs', 'NOT MET', 'met', 'out of memory', 'FAILURES', 'something else'):
    assert part in text, part

# Architectures.
assert build.architecture_flags('sm_80', (9, 0)) == ['-gencode', 'arch=compute_90,code=sm_90']
assert build.architecture_flags('sm_90a', (9, 0)) == ['-gencode', 'arch=compute_90a,code=sm_90a']
for form, capability in [('sm_90a', (8, 0)), ('sm_90a', (10, 0))]:
    try:
        build.architecture_flags(form, capability)
    except Skipped as reason:
        assert form in str(reason)
    else:
        raise AssertionError(form)

# Commands that fail say what they said; work that time does not allow is left out by name.
try:
    build.run([sys.executable, '-c', 'import sys; print("a reason"); sys.exit(3)'], 30, '.')
except RuntimeError as error:
    assert 'ended with 3' in str(error) and 'a reason' in str(error)
else:
    raise AssertionError('a failure that nobody sees')
left_out = []
context = types.SimpleNamespace(leave_out=left_out.append)


def broken():
    raise ValueError('broken')


slow = [('slow', lambda: time.sleep(60)), ('never', lambda: 1)]
began = time.monotonic()
results = dict(build.in_parallel(context, [('quick', lambda: 5), ('broken', broken), *slow], 1, began + 3))
assert results['quick'] == 5 and isinstance(results['broken'], ValueError) and len(results) == 2, results
assert len(left_out) == 2 and any('slow' in each for each in left_out) and any('never' in each for each in left_out), left_out
assert time.monotonic() - began < 30
assert is_out_of_memory(RuntimeError('CUDA out of memory. Tried')) and not is_out_of_memory(RuntimeError('other'))
print('all is well', flush=True)
# The slow one is still asleep.
os._exit(0)

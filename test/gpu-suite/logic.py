"""The logic of the GPU suite's harness, without a device: statistics, work, marks, order, limits, resuming. Argument: the folder."""
import json
import os
import sys
import tempfile
import time
import types

sys.path.insert(0, sys.argv[1])
import torch

from suite import build, estimates, hang, marks, plan, profiles, programs, store, symptoms, tables, timing, work, workers
from suite.libraries import Libraries

folder = tempfile.mkdtemp()

# ── Statistics and work ─────────────────────────────────────────────────────────────────────────────

# Statistics keep every sample.
found = timing.summary([3.0, 1.0, 2.0, 10.0])
assert found == {'median_ms': 2.5, 'least_ms': 1.0, 'most_ms': 10.0, 'samples_ms': [3.0, 1.0, 2.0, 10.0]}, found

# Pairs by counting them, and the work of a call.
for length in (1, 7, work.WINDOW + 5):
    row = torch.arange(length)
    causal = row[None, :] <= row[:, None]
    assert work.visible_pairs('mta', length) == int(causal.sum())
    assert work.visible_pairs('window', length) == int((causal & (row[:, None] - row[None, :] < work.WINDOW)).sum())
    assert work.visible_pairs('mta-decode', length) == length
counted = work.work('mta', 16, 64, 100, 100)
pairs = work.BATCH * 16 * 5050
assert counted == {'plain_operations': 256 * pairs, 'operations': (256 + 132) * pairs, 'bytes': 2 * work.BATCH * 16 * 64 * 400}, counted
assert work.work('causal', 16, 64, 100, 100)['operations'] == 256 * pairs
assert work.work('mta-all', 16, 64, 100, 100)['operations'] == (256 + 2 * 132 + 2 * 32) * pairs
assert work.work('mta-training', 16, 64, 100, 100) == {
    'plain_operations': 14 * 64 * pairs, 'operations': (14 * 64 + 4 * 132) * pairs, 'bytes': 2 * work.BATCH * 16 * 64 * 1200
}
assert work.work('window-training', 16, 64, 2000, 2000)['plain_operations'] == 14 * 64 * work.BATCH * 16 * work.visible_pairs('window', 2000)
assert work.work('decode', 16, 64, 100, 1)['bytes'] == 2 * work.BATCH * 16 * 64 * (1 + 200 + 1)
limits = {'product_tflops': 2.0, 'copy_gbytes': 3.0}
assert work.roofline_ms({'operations': 4e12, 'bytes': 3e9}, limits) == 2000.0
assert work.roofline_ms({'operations': 1e12, 'bytes': 9e9}, limits) == 3000.0
assert work.roofline_ms(counted, {}) is None


# Contenders take turns.
class Clock:
    def time(self, call):
        return call()


order = []
calls = [(name, lambda name=name: order.append(name) or float(len(order))) for name in 'ab']
assert timing.interleaved(calls, Clock(), 3) == {'a': [1.0, 3.0, 5.0], 'b': [2.0, 4.0, 6.0]}
assert order == list('ababab')


# What prepares a call has its turn with it, and gives what the call takes.
class Staged:
    def time(self, call, prepare=None):
        return call() if prepare is None else call(prepare())


assert timing.interleaved([('a', lambda: 1.0), ('b', lambda given: given + 1.0, lambda: 4.0)], Staged(), 2) == {'a': [1.0] * 2, 'b': [5.0] * 2}


def step(name):
    return (lambda: 2.0), {'forward': (lambda: 1.0,), 'backward': (lambda given: given, lambda: 3.0)}


timed = {'a': {'first_ms': 1.0, **work.work('mta-training', 16, 64, 100, 100)}}
timing._in_rounds(Staged(), [('a', step('a'))], timed, 4)
assert timed['a']['samples_ms'] == [2.0] * 4 and {name: each['median_ms'] for name, each in timed['a']['parts'].items()} == {'forward': 1.0, 'backward': 3.0}, timed


def fails_once(state=[]):
    state.append(0)
    if len(state) == 2:
        raise RuntimeError('CUDA out of memory')
    return 1.0


found = timing.interleaved([('a', fails_once), ('b', lambda: 2.0)], Clock(), 3)
assert found['b'] == [2.0, 2.0, 2.0] and timing._why(found['a']) == 'out of memory', found

# ── Marks ───────────────────────────────────────────────────────────────────────────────────────────


def entry(workload, length, head_dim, contender, median, **more):
    shape = {'workload': workload, 'length': length, 'head_dim': head_dim, 'batch': 2, 'heads': 16}
    return {**shape, **work.work(workload, 16, head_dim, length, length), 'contender': contender, 'median_ms': median, 'plain_tflops': 1.0, **more}


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
assert [met for _, _, met in marks.marks(entries)] == [True, False, False, True, None, None, None], marks.marks(entries)
assert marks.marks(entries)[0][1] == '2.50 times' and marks.marks(entries)[1][1] == '18.00 times'
assert [met for _, _, met in marks.marks(entries[5:])] == [None, None, False, None, None, None, None]
squares = [entry('mta', length, 128, 'heddle sm_80', 1.0, peak_bytes=length**2) for length in (1024, 2048)]
assert marks.marks(squares)[3][2] is False
steps = [
    entry('mta-training', 8192, 128, 'heddle sm_80', 20.0, peak_bytes=2**30),
    entry('mta-training', 2048, 128, 'heddle sm_80', 2.0, peak_bytes=2**28),
    entry('mta-training', 2048, 128, 'eager', 30.0),
    entry('mta-training', 2048, 128, 'materialised', 21.0),
    entry('causal-training', 8192, 128, 'FlexAttention', 6.0),
    {**entry('mta-training', 8192, 128, 'eager', 1.0), 'missing': 'out of memory'},
]
del steps[-1]['median_ms']
assert [met for _, _, met in marks.marks(steps)[4:]] == [False, True, True], marks.marks(steps)
assert marks.marks(steps)[5][1] == '10.50 times, at T = 2048, materialised' and marks.marks(steps)[4][1] == '3.33 times'
assert marks.marks([{**each, 'head_dim': 64} for each in steps])[4][2] is None
parts = {'forward': {'median_ms': 5.0}, 'backward': {'missing': 'out of memory'}}
shown = tables.times_table([{**steps[0], 'parts': parts}, steps[1]], {}).splitlines()
assert [line.split('|')[1].strip() for line in shown[2:]] == ['heddle sm_80', 'heddle sm_80: forward', 'heddle sm_80: backward'], shown
assert '5.000' in shown[3] and '–' in shown[4], shown
lines = tables.table(['name', 'ms'], [['a|b', 1.5], ['longer', 'out of memory']]).splitlines()
assert len({len(line) for line in lines}) == 1 and '\\|' in lines[2] and lines[3].endswith('out of memory |'), lines

# ── Order, estimates, results ───────────────────────────────────────────────────────────────────────

forms = [{'form': name, 'folder': place, 'sourceBytes': size, 'training': {'operations': {}}} for name, place, size in (('sm_80', 'x', 5), ('sm_90a', 'y', 3))]
variants = [
    {'name': f'{workload}-{head_dim}', 'workload': workload, 'settings': {'headDim': head_dim}, 'forms': forms, 'cases': []}
    for workload in ('window', 'causal', 'mta')
    for head_dim in (64, 128)
]
variants += [
    {'name': name, 'settings': {}, 'forms': [{'form': 'sm_80', 'folder': name, 'sourceBytes': size}], 'cases': ['a']}
    for name, size in (('long', 100), ('short', 1))
]
options = types.SimpleNamespace(lengths=None, head_dims=None, rounds=3, groups=list(range(1, 10)), out=os.path.join(folder, 'none.json'), budget=540.0)
session = types.SimpleNamespace(variants=variants, options=options, is_dry=False, identity={'suite': 'a'}, estimates=estimates.Estimates(options.out))
planned = plan.entries(session)
names = {number: [each.name for each in group] for number, group in planned.items()}
assert names[2][:4] == ['causal-128 sm_90a', 'causal-64 sm_90a', 'mta-128 sm_90a', 'mta-64 sm_90a'], names[2]
assert len(names[2]) == 12 and all('sm_80' in each for each in names[2][6:])
assert len(names[3]) == 24 and all('T=1000' in each for each in names[3][:12])
assert names[4][:2] == ['causal D=128 T=8192', 'causal D=64 T=8192'] and len(names[4]) == 12, names[4]
assert names[6] == [f'{each} T=8192' for each in ('causal-128 sm_90a', 'causal-128 sm_80', 'mta-128 sm_90a', 'mta-128 sm_80')]
assert len(names[7]) == 8 and len(names[8]) == 7 and names[9][0] == 'micro'
assert names[9][-4:] == [f'{what} of {name} sm_80' for name in ('short', 'long') for what in ('small cases', 'gradients of small cases')], names[9]
# Of training, what the marks are about comes first, and what was timed there is not timed again.
assert names[5][:4] == [f'gradients of {each} T=1000' for each in ('causal-128 sm_90a', 'causal-128 sm_80', 'mta-128 sm_90a', 'mta-128 sm_80')]
steps = [f'training {each}' for each in ('mta D=128 T=8192', 'causal D=128 T=8192', 'mta D=128 T=2048', 'causal D=128 T=2048', 'causal D=128 T=8192 FlexAttention')]
assert names[5][4:9] == steps and names[5][9] == 'training window D=128 T=8192', names[5]
assert 'training mta D=64 T=8192' in names[9] and not set(names[5]) & set(names[9]) and 'gradients of window-64 sm_80 T=1000' in names[9]
for number, group in planned.items():
    assert len({each.name for each in group}) == len(group), number
    for each in group:
        assert session.estimates.of(each)[1] == 'guessed' and each.limit <= 90
# Whatever has the time that it is given, groups 1 to 7 end within the budget, but for what starts the processes.
text = plan.text(session)
assert '2. first launches: 12 entries, about 18 s, at most 75 s' in text and 'of a budget of 540 s' in text, text

path = os.path.join(folder, 'results.json')
kept = store.Store(path, {'suite': 'a'}, False)
kept.take_machine({'device': 'one', 'torch': '2'})
kept.finish(planned[2][0], {'status': 'done', 'kind': 'first launch', 'seconds': 4.0})
kept.finish(planned[2][1], {'status': 'left out', 'reason': 'time'})
kept.start(planned[2][2])
assert json.load(open(path))['running'] == {'group': 2, 'name': 'mta-128 sm_90a'}
known = estimates.Estimates(path)
assert known.of(planned[2][0]) == (4.0, 'measured') and known.of(planned[2][4]) == (4.0, 'others of its kind')
kept.finish(planned[2][3], {'status': 'wrong', 'reason': 'NaN', 'checks': [{'error': float('inf'), 'bound': float('nan'), 'passed': False}]})
assert 'Infinity' not in open(path).read() and json.load(open(path))['groups']['2']['mta-64 sm_90a']['checks'][0]['error'] == 'inf'
again = store.Store(path, {'suite': 'a'}, False)
assert again.is_final(planned[2][0]) and not again.is_final(planned[2][1]) and len(again.results['runs']) == 2
assert store.Store.finished(path, {'suite': 'a'})['2'] and not store.Store.finished(path, {'suite': 'b'})
again.take_machine({'device': 'another', 'torch': '2'})
assert not again.is_final(planned[2][0]) and os.path.exists(os.path.join(folder, 'results-1.json')), os.listdir(folder)
again.write()
assert store.Store(path, {'suite': 'b'}, False).notes and os.path.exists(os.path.join(folder, 'results-2.json'))
with open(path, 'w') as file:
    file.write('{"form')
assert store.Store(path, {'suite': 'a'}, False).notes

# ── Programs and workers that hang, die, or are not there ───────────────────────────────────────────

assert programs.run([sys.executable, '-c', 'print(5)'], 30) == ('5\n', 0)


def raised(kind, call, *words):
    try:
        call()
    except kind as error:
        assert all(word in str(error) for word in words), error
    else:
        raise AssertionError(f'nothing was raised: {words}')


raised(programs.Died, lambda: programs.run([sys.executable, '-c', 'import sys; print("a reason"); sys.exit(3)'], 30), 'ended with 3', 'a reason')
raised(programs.Skipped, lambda: programs.run(['/there/is/none'], 30), 'none cannot be started')
began = time.monotonic()
# What it has started ends too: nobody keeps the pipe open.
raised(programs.Died, lambda: programs.run(['sh', '-c', 'sleep 60 & sleep 60'], 0.3), 'not done after')
assert time.monotonic() - began < 20

worker_text = """
import json, os, sys, time
answers = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)
for line in sys.stdin:
    request = json.loads(line)
    if request['task'] == 'hang':
        print('here it hangs', flush=True)
        time.sleep(60)
    if request['task'] == 'die':
        print('divergent await_barrier', file=sys.stderr, flush=True)
        os._exit(86)
    answers.write(json.dumps({'status': 'done', 'process': os.getpid(), 'is_broken': request['task'] == 'break'}) + '\\n')
    answers.flush()
"""
workers.COMMAND = [sys.executable, '-c', worker_text]
worker = workers.Worker(folder, {})
one = worker.ask('any', {}, 10)['process']
assert worker.ask('any', {}, 10)['process'] == one
raised(programs.Died, lambda: worker.ask('hang', {}, 0.5), 'no answer in', 'here it hangs')
two = worker.ask('any', {}, 10)['process']
raised(programs.Died, lambda: worker.ask('die', {}, 10), 'ended with 86', 'divergent await_barrier')
three = worker.ask('break', {}, 10)['process']
assert len({one, two, three, worker.ask('any', {}, 10)['process']}) == 4
worker.end()

# ── Libraries ───────────────────────────────────────────────────────────────────────────────────────

assert build.architecture_of('sm_80', [9, 0]) == 'sm_90' and build.architecture_of('sm_90a', [9, 0]) == 'sm_90a'
assert build.gencode('sm_90a') == ['-gencode', 'arch=compute_90a,code=sm_90a']
for form, capability in [('sm_90a', [8, 0]), ('sm_90a', [10, 0])]:
    raised(programs.Skipped, lambda: build.architecture_of(form, capability), form)

with open(os.path.join(folder, 'a.so'), 'w') as file:
    file.write('')
said = []
form = {'form': 'sm_80', 'folder': 'f', 'training': {'operations': {}}, 'prepared': [{'what': 'library', 'architecture': 'sm_90', 'path': 'a.so'}], 'source': 'f/a.cu'}
owner = types.SimpleNamespace(
    root=folder,
    is_dry=False,
    description={},
    options=types.SimpleNamespace(jobs=1),
    variants=[{'workload': 'causal', 'forms': [form]}],
    path=lambda *parts: os.path.join(folder, *parts),
    say=said.append,
    worker=types.SimpleNamespace(ask=lambda *_: {'refused': {}}),
)
libraries = Libraries(owner)
slow = []


def build_slowly(form, architecture):
    while not slow:
        time.sleep(0.01)
    return 'here.so'


def settled():
    while libraries.state('library', form)[0] == 'pending':
        libraries.await_one(10)
    return libraries.state('library', form)


libraries.builder.library = build_slowly
programs.find = lambda name: name
libraries.begin([9, 0])
assert libraries.state('library', form) == ('ready', build.Found(os.path.join(folder, 'a.so'), 'prepared'))
# What does not run here is built here, once; whoever asks meanwhile is told so, and does not wait.
assert libraries.refuse('library', form, 'no kernel image') and libraries.state('library', form) == ('pending', None)
slow.append(True)
assert settled() == ('ready', build.Found('here.so', 'here'))
assert not libraries.refuse('library', form, 'no kernel image') and not libraries.await_one(0)
assert libraries.state('gradients', form) == settled() and libraries.state('gradients', {**form, 'training': {'why': 'no schedule'}}) == ('missing', 'no schedule')
libraries.ban_gradients(form, 'its backward hung')
assert libraries.state('gradients', form) == ('missing', 'its backward hung') and libraries.state('library', form)[0] == 'ready'
libraries.ban(form, 'it hung')
assert libraries.state('library', form) == ('missing', 'it hung') == libraries.state('program', form)
# What does not load is built here from the first.
owner.worker.ask = lambda *_: {'refused': {'f': 'libcudart.so.13: not found'}}
libraries = Libraries(owner)
libraries.builder.library = build_slowly
libraries.begin([9, 0])
assert settled()[1].origin == 'here' and 'libcudart' in said[-1], said

# ── Hangs and profiles, by name ─────────────────────────────────────────────────────────────────────

with open(os.path.join(folder, 'k.cu'), 'w') as file:
    file.write('\nKERNEL(384) main_kernel(const Launch launch) {\n  await_barrier(512 + stage * 8, parity);\n}\n')
kernel = {'name': 'main', 'entryPoint': 'main_kernel', 'barriers': {'520': 'keys is full, stage 1'}}
emulated = 'the process ended with 86: divergent await_barrier at 520 for parity 1: 3 threads have ended, others wait elsewhere: line 3, kernel main, block 4, thread 5'
with open(os.path.join(folder, 'other.cu'), 'w') as file:
    file.write('other\n' * 9)
modules = [{'source': 'other.cu', 'kernels': []}, {'source': 'k.cu', 'kernels': [kernel]}]
told = hang.told(folder, {'modules': modules}, emulated)
for part in ('"keys is full, stage 1"', 'parity 1', 'kernel main', 'block 4', 'thread 5', 'line 3 of k.cu: await_barrier(512 + stage * 8, parity);'):
    assert part in told, told
assert hang.told(folder, {}, 'something else') == 'something else'

page = '''==PROF== Connected
"ID","Kernel Name","gpu__time_duration.sum","launch__registers_per_thread","smsp__average_warps_issue_stalled_barrier_per_issue_active.ratio","smsp__average_warps_issue_stalled_wait_per_issue_active.ratio","sm__inst_issued.avg.pct_of_peak_sustained_active","launch__waves_per_multiprocessor"
"","","usecond","register/thread","inst","inst","%",""
"0","main_kernel","1,234.5","168","2.5","1.5","40.0","8.0"
"1","other_kernel","2.0","n/a","0","0","90.0","8.0"
'''
kernels = profiles.parsed(page)
assert [each['duration_ns'] for each in kernels] == [1234500.0, 2000.0] and kernels[1]['registers'] is None
assert kernels[0]['stalls'] == {'barrier': 2.5, 'wait': 1.5} and kernels[0]['registers'] == 168.0
assert [symptoms.bound_by(each) for each in kernels] == ['barriers', 'issue']
assert symptoms.bound_by({'waves': 1.2}) == 'waves' and symptoms.bound_by({'stalls': {'selected': 9.0, 'wait': 1.0}}) == 'latency: most warps wait for wait'
print('all is well', flush=True)
os._exit(0)

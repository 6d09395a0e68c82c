"""What examples/training does, held against what its tasks and promises say. Called with the folder of the examples and one to write to."""
import json
import os
import signal
import subprocess
import sys
import time

EXAMPLES, FOLDER = sys.argv[1:3]
sys.path.insert(0, EXAMPLES)

import torch

import sweep as sweeps
import tasks
from curves import picture
from records import records_of
from settings import Refused, settings_from
from train import STOPPED, Training, run_name

torch.set_num_threads(1)
TINY = (
    'package=miniature variant=MTA blocks=3 layers=2 width=16 hidden=32 batch=8 sequences=20 validation=6 test=6 dropout=0.2 '
    'dtype=f32 learning_rate=1e-2 warmup=3 steps=8 evaluate_every=2 checkpoint_every=3 log_every=1 threads=1 device=cpu'
).split()


def words(out, *more):
    return [*TINY, *more, f'out={os.path.join(FOLDER, out)}']


def refused(function, *arguments):
    try:
        function(*arguments)
    except Refused as refusal:
        return str(refusal)
    raise AssertionError(f'{arguments} was not refused')


# ── The tasks ───────────────────────────────────────────────────────────────────────────────────────


def the_motivating_task():
    for letters, blocks, length in ((5, 52, 314), (8, 35, 317)):
        task = tasks.Motivating(settings_from([f'letters={letters}']))
        assert task.blocks == blocks, task.blocks
        prompts, answers = task.sequences(torch.arange(40))
        assert prompts.shape == (40, length) and answers.shape == (40, letters)
        for prompt, answer in zip(prompts.tolist(), answers.tolist()):
            text = ''.join(task.characters[each] for each in prompt)
            body, question = text.split('#')
            parts = body.split('.')
            assert len(parts) == blocks and len(question) == 2 and len(set(question)) == 2
            assert all(len(part) == letters and len(set(part)) == letters and part.islower() for part in parts)
            found = [part for part in parts if set(question) <= set(part)]
            assert found == [''.join(task.characters[each] for each in answer)], (question, found)
    wholes = tasks.Motivating(settings_from(['blocks=8'])).sequences(torch.arange(5))[1]
    for answer, place in (('first', 0), ('last', -1)):
        some = tasks.Motivating(settings_from(['blocks=8', f'answer={answer}'])).sequences(torch.arange(5))[1]
        assert torch.equal(some[:, 0], wholes[:, place])
    assert 'the most whole ones' in refused(tasks.Motivating, settings_from(['blocks=53']))


def the_task_of_needles():
    task = tasks.Needles(settings_from(['task=needles', 'length=256', 'needles=5', 'asked=3']))
    prompts, answers = task.sequences(torch.arange(30))
    assert prompts.shape[1] + answers.shape[1] - 1 < 256
    for prompt, answer in zip(prompts.tolist(), answers.tolist()):
        text = ''.join(task.characters[each] for each in prompt)
        hay, question = text.split('#')
        keys = [question[place:place + 2] for place in (0, 2, 4)]
        assert len(set(keys)) == 3
        values = [hay[hay.index(key) + 2:hay.index(key) + 4] for key in keys]
        assert ''.join(values) == ''.join(task.characters[each] for each in answer)
        assert sum(letter.isupper() for letter in hay) == 10


def the_task_of_text():
    path = os.path.join(FOLDER, 'text.md')
    with open(path, 'w') as file:
        file.write(''.join(f'{number} ' for number in range(1000)))
    task = tasks.Text(settings_from(['task=text', f'text={path}', 'context=16']))
    parts = []
    for stream in tasks.STREAMS.values():
        prompts, answers = task.sequences(torch.arange(50) + stream)
        whole = torch.cat([prompts, answers], 1)
        assert whole.shape == (50, 17)
        text = open(path).read()
        places = [text.index(''.join(map(chr, line))) for line in whole.tolist()]
        parts.append((min(places), max(places)))
    assert parts[0][1] < parts[1][0] and parts[1][1] < parts[2][0], parts


def sequences_are_numbered():
    task = tasks.Motivating(settings_from(['blocks=6']))
    some, _ = task.sequences(torch.arange(100))
    again, _ = task.sequences(torch.tensor([77, 3]))
    assert torch.equal(again, some[[77, 3]]) and len(set(map(tuple, some.tolist()))) == 100
    other, _ = task.sequences(torch.arange(100) + tasks.STREAMS['test'])
    assert not torch.equal(some, other)
    order = tasks.Order(10, 4, seed=1)
    epoch = torch.cat([order.numbers(step) for step in range(5)])
    assert sorted(epoch[:10].tolist()) == sorted(epoch[10:].tolist()) == list(range(10))
    assert epoch[:10].tolist() != epoch[10:].tolist()
    assert torch.equal(tasks.Order(10, 4, seed=1).numbers(4), order.numbers(4))
    # The finaliser of splitmix64, from its authors' code: the first outputs for the state 0.
    assert int(tasks.mixed(0)) & (2**64 - 1) == 0xE220A8397B1DCDAF


# ── Settings ────────────────────────────────────────────────────────────────────────────────────────


def settings_are_checked():
    published = settings_from([])
    assert (published.layers, published.width, published.steps, published.beta2) == (4, 256, 100_000, 0.98)
    assert (published.rotary_base, published.learning_rate, published.warmup, published.dtype) == (1e5, 1e-4, 1000, 'bf16')
    assert settings_from(['learning_rate=2e-3', 'sequences=2_000']).sequences == 2000
    for word, part in (
        ('learning_rate', 'write key=value'), ('lerning_rate=1', 'no setting'), ('steps=1.5', 'no whole number'),
        ('batch=65 shards=2', 'equal parts'), ('answer=middle', 'one of all'), ('task=chess', 'no task'), ('dropout=1', 'below 1'),
    ):
        assert part in refused(settings_from, word.split()), word
    assert "none of 'base'" in refused(Training, settings_from(words('settings', 'variant=nobody')))
    # Names of variants that folders cannot hold do not meet.
    names = {run_name(settings_from([f'variant={variant}'])) for variant in ('a/b', 'a b', 'a-b', '../x', 'a:b')}
    assert len(names) == 5 and not any(part in name for name in names for part in ('..', ' ', ':'))


# ── Runs ────────────────────────────────────────────────────────────────────────────────────────────


def trained(out, *more):
    training = Training(settings_from(words(out, *more)))
    assert training.run()
    training.close()
    return state_of(training.folder)


def state_of(folder):
    return torch.load(os.path.join(folder, 'checkpoint.pt'))


def same(one, other):
    return one['step'] == other['step'] and all(
        torch.equal(one['model'][name], other['model'][name]) for name in one['model']
    ) and all(
        torch.equal(a[key], b[key])
        for a, b in zip(one['optimizer']['state'].values(), other['optimizer']['state'].values())
        for key in ('exp_avg', 'exp_avg_sq')
    )


def records_without_time(folder):
    return [{key: value for key, value in each.items() if key != 'seconds'} for each in records_of(os.path.join(folder, 'log.jsonl'))]


def a_run_that_broke_off_ends_as_one_that_did_not():
    whole = trained('whole')
    broken = Training(settings_from(words('broken')))
    step = broken._train_step

    def breaking(parameters):
        if broken.step == 5:
            raise MemoryError
        return step(parameters)

    broken._train_step = breaking
    try:
        broken.run()
    except MemoryError:
        pass
    # The checkpoint is of step 3; the log went on, and its last line was cut.
    with open(os.path.join(broken.folder, 'log.jsonl'), 'a') as file:
        file.write('{"kind": "tra')
    assert state_of(broken.folder)['step'] == 3
    resumed = trained('broken')
    assert same(whole, resumed)
    folders = [os.path.join(FOLDER, out, run_name(settings_from(words(out)))) for out in ('whole', 'broken')]
    assert records_without_time(folders[0]) == records_without_time(folders[1])
    assert [each['step'] for each in records_without_time(folders[0]) if each['kind'] == 'evaluation'] == [0, 2, 4, 6, 8]
    assert not any(name.endswith('.part') for name in os.listdir(folders[0]))
    # Dropout and seeds make a difference, or nothing was shown.
    assert not same(whole, trained('seeded', 'seed=1')) and not same(whole, trained('sure', 'dropout=0'))
    assert 'other settings: width=16, not 32' in refused(Training, settings_from(words('whole', 'width=32')))


def a_run_that_diverges_is_finished_all_the_same():
    trained('diverged', 'learning_rate=1e30')
    (test,) = [each for each in records_of(os.path.join(FOLDER, 'diverged', run_name(settings_from(words('diverged', 'learning_rate=1e30'))), 'log.jsonl')) if each['kind'] == 'test']
    assert test['loss'] is None and test['error'] > 0.5


def variants_begin_alike():
    models = [Training(settings_from(words('alike', f'variant={name}'))).model.state_dict() for name in ('base', 'MTA')]
    assert all(torch.equal(value, models[1][name]) for name, value in models[0].items())
    assert set(models[1]) - set(models[0]) == {f'layers.{layer}.attention.attend.theta_pre' for layer in range(2)}


def last_places_are_those_of_all():
    model = Training(settings_from(words('last'))).model.eval()
    tokens = torch.randint(0, 28, (3, 20))
    with torch.no_grad():
        assert torch.allclose(model(tokens, 2), model(tokens, 20)[:, -2:], atol=1e-5)


def two_processes_are_one():
    one = trained('one', 'shards=2')
    command = sweeps.Sweep([*words('two'), 'processes=2']).command(words('two', 'shards=2'))
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    folders = [os.path.join(FOLDER, out, run_name(settings_from(words(out)))) for out in ('one', 'two')]
    assert same(one, state_of(folders[1]))
    assert records_without_time(folders[0]) == records_without_time(folders[1])
    os.environ['WORLD_SIZE'] = '2'
    assert 'set shards=2' in refused(Training, settings_from(words('three')))
    del os.environ['WORLD_SIZE']


def a_signal_ends_a_step():
    command = [sys.executable, os.path.join(EXAMPLES, 'train.py'), *words('signal', 'steps=3000')]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.wait() == STOPPED
    folder = os.path.join(FOLDER, 'signal', run_name(settings_from(words('signal'))))
    assert 0 < state_of(folder)['step'] < 3000


# ── Sweeps ──────────────────────────────────────────────────────────────────────────────────────────


def a_sweep_goes_on_where_it_was():
    shared = [word for word in words('sweep') if not word.startswith(('variant=', 'learning_rate='))]
    axes = ['variant=base', 'variant=MTA', 'learning_rate=1e-2', 'seed=0']
    sweep = sweeps.Sweep([*shared, 'variant=base', 'variant=MTA', 'learning_rate=1e-2', 'learning_rate=1e-3', 'seed=0..2'])
    assert len(sweep.runs) == 12 and sweep.runs[0][-3:] == ['variant=base', 'learning_rate=1e-2', 'seed=0']
    assert [run[-1] for run in sweep.runs[:4]] == ['seed=0'] * 4
    first = subprocess.run([sys.executable, os.path.join(EXAMPLES, 'sweep.py'), *shared, *axes, 'at_once=2'], capture_output=True, text=True)
    assert first.returncode == 0 and '2 of 2 runs are finished' in first.stdout, first.stderr
    job = sweeps.array_job(sweeps.Sweep([*shared, *axes, 'sbatch=--gpus=1']), [*shared, *axes, 'sbatch=--gpus=1', 'slurm=x'])
    assert '#SBATCH --array=0-1\n' in job and '#SBATCH --gpus=1\n' in job and job.rstrip().endswith('only="$SLURM_ARRAY_TASK_ID"')
    assert subprocess.run(['bash', '-n'], input=job, text=True).returncode == 0
    assert 'line end' in refused(sweeps.array_job, sweep, ['text=a\nb'])
    assert 'range' in refused(sweeps.Sweep, ['seed=3..1'])
    assert {run[-3] for run in sweeps.Sweep(['package=miniature']).runs} == {
        f'variant={name}' for name in ('base', 'MTA', 'heads mixed', 'MTA, heads mixed')
    }


def curves_are_drawn_whole():
    text = picture('a <title> & "quotes"', {'one': [(0, 1.0), (50, 0.25), (100, 0.5)], 'none': []}, 'errors')
    import xml.dom.minidom

    (line,) = xml.dom.minidom.parseString(text).getElementsByTagName('polyline')
    assert len(line.getAttribute('points').split()) == 3 and 'http' not in text.replace('http://www.w3.org/2000/svg', '')


CHECKS = [value for name, value in list(globals().items()) if callable(value) and getattr(value, '__module__', '') == '__main__']
for check in CHECKS:
    if check.__code__.co_argcount == 0 and check.__code__.co_flags & 0x04 == 0:
        begun = time.process_time()
        check()
        print(check.__name__, round(time.process_time() - begun, 2), file=sys.stderr)
print(json.dumps('all is well'))

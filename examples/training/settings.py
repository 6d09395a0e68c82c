"""The settings of a run: a dataclass, `key=value` words that change it, and the file that it is saved in.

The defaults are the motivating task of the paper at its published size; each other task has defaults of its own.
"""
import dataclasses
import json
import os
from dataclasses import dataclass


class Refused(Exception):
    """What is wrong with what was asked, in a sentence for who asked."""


@dataclass
class Settings:
    # What is trained, on what.
    task: str = 'motivating'  # motivating, needles or text
    variant: str = 'base'  # a name of the package's variants
    package: str = 'motivating'  # a study beside train.py, or a folder that `heddle compile STUDY --bind torch` made
    seed: int = 0  # of initial weights, dropout and the order of sequences
    data_seed: int = 0  # of the sequences themselves: the same for every run that is compared
    out: str = os.path.join('out', 'training')  # the run is kept in out/task/variant-lr…-seed…

    # The motivating task: blocks of letters, a few letters to look for, the block that has them as the answer.
    letters: int = 5  # N, of a block
    blocks: int = 0  # 0: as many whole ones as most_characters hold
    most_characters: int = 319
    query: int = 2  # L
    answer: str = 'all'  # all, first or last letter of the block
    # The task of needles: pairs of a key and a value hidden among letters.
    length: int = 4096
    needles: int = 6
    asked: int = 2
    # The task of text: files below a folder, or one file.
    text: str = '../../docs'
    context: int = 128
    # All tasks: how many sequences there are to draw from, and to measure on.
    sequences: int = 1_000_000
    validation: int = 1000
    test: int = 1000

    # The model around the attention. Heads and their dimension are the package's.
    layers: int = 4
    width: int = 256
    hidden: int = 0  # of the feed-forward parts; 0: 8/3 of the width, in whole 32s
    rotary_base: float = 1e5
    dropout: float = 0.1  # of embeddings and of what each part adds; outside the kernel

    # Training: Adam, a linear warm-up, then a constant learning rate.
    steps: int = 100_000
    batch: int = 64  # sequences of a step, over all processes
    learning_rate: float = 1e-4
    warmup: int = 1000
    beta1: float = 0.9
    beta2: float = 0.98
    clip: float = 0.0  # the largest norm of a gradient; 0: any
    dtype: str = 'bf16'  # what matrices are multiplied in: bf16 or f32. Weights and sums are float32
    shards: int = 1  # parts of a batch: any number of processes that divides it gives the same bits

    # Bookkeeping.
    evaluate_every: int = 1000
    log_every: int = 50
    checkpoint_every: int = 1000
    solved_at: float = 0.05  # the error at which a task counts as solved
    device: str = ''  # '': a GPU where there is one
    threads: int = 0  # of a process, on the CPU; 0: as PyTorch has it. Sums depend on it in their last bits


# What a task has instead of the motivating task's defaults.
TASKS = {
    'motivating': {},
    'needles': {
        'package': 'miniature', 'layers': 2, 'width': 64, 'dropout': 0.0, 'steps': 5000, 'batch': 8, 'sequences': 100_000,
        'validation': 64, 'test': 256, 'learning_rate': 1e-3, 'warmup': 100, 'evaluate_every': 100, 'checkpoint_every': 100,
    },
    'text': {
        'package': 'miniature', 'layers': 2, 'width': 64, 'steps': 2000, 'batch': 32, 'validation': 64, 'test': 256,
        'learning_rate': 1e-3, 'warmup': 100, 'evaluate_every': 100, 'checkpoint_every': 500, 'dtype': 'f32',
    },
}

# What may differ between a run and its continuation, and says nothing about what is computed.
BOOKKEEPING = ('out', 'log_every', 'checkpoint_every', 'device')


def settings_from(words):
    """Settings of `key=value` words: those of the task, then what is given. Raises Refused."""
    known = {field.name: field for field in dataclasses.fields(Settings)}
    given = {}
    for word in words:
        name, equals, text = word.partition('=')
        if not equals:
            raise Refused(f'{word!r} is no setting: write key=value, such as seed=1')
        if name not in known:
            raise Refused(f'there is no setting {name!r}; there are {", ".join(known)}')
        given[name] = _read(known[name], text)
    task = given.get('task', Settings.task)
    if task not in TASKS:
        raise Refused(f'there is no task {task!r}; there are {", ".join(TASKS)}')
    settings = Settings(**{**TASKS[task], **given})
    _check(settings)
    return settings


def threads_of(words):
    """The number of threads that words ask for, 0 where they do not: needed before anything else is known."""
    found = [word.partition('=')[2] for word in words if word.startswith('threads=')]
    return int(found[-1]) if found and found[-1].isdigit() else 0


def _read(field, text):
    try:
        return field.type(text.replace('_', '')) if field.type in (int, float) else text
    except ValueError:
        raise Refused(f'{field.name}={text}: that is no {"whole number" if field.type is int else "number"}') from None


def _check(settings):
    positive = ('letters', 'query', 'length', 'needles', 'asked', 'context', 'sequences', 'validation', 'test', 'layers')
    positive += ('width', 'steps', 'batch', 'shards', 'evaluate_every', 'log_every', 'checkpoint_every')
    for name in positive:
        if getattr(settings, name) < 1:
            raise Refused(f'{name}={getattr(settings, name)}: it must be at least 1')
    for name in ('blocks', 'hidden', 'warmup', 'clip', 'threads', 'seed', 'data_seed'):
        if getattr(settings, name) < 0:
            raise Refused(f'{name}={getattr(settings, name)}: it must not be negative')
    for name, choices in {'answer': ('all', 'first', 'last'), 'dtype': ('bf16', 'f32')}.items():
        if getattr(settings, name) not in choices:
            raise Refused(f'{name}={getattr(settings, name)}: it must be one of {", ".join(choices)}')
    if not 0 <= settings.dropout < 1:
        raise Refused(f'dropout={settings.dropout}: it must be from 0 to below 1')
    if not settings.learning_rate > 0:
        raise Refused(f'learning_rate={settings.learning_rate}: it must be above 0')
    if settings.batch % settings.shards != 0:
        raise Refused(f'batch={settings.batch} cannot be cut into shards={settings.shards} equal parts')


def settings_text(settings):
    return json.dumps(dataclasses.asdict(settings), indent=2)


def differences(saved, settings):
    """What a saved run was told otherwise, as far as it changes what is computed: [(name, saved, given)]."""
    given = dataclasses.asdict(settings)
    return [
        (name, saved.get(name), value)
        for name, value in given.items()
        if name not in BOOKKEEPING and saved.get(name) != value
    ]

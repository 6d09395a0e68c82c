"""The tasks: sequences of tokens with their answers, each a function of its number alone.

No sequence is kept and no generator has a state: sequence n of a seed is the same in every process and after every interruption.
"""
import hashlib
import os

import torch

from settings import Refused

LETTERS = 'abcdefghijklmnopqrstuvwxyz'
# The numbers of sequences of each kind begin far from those of the others.
STREAMS = {'train': 0, 'validation': 1 << 40, 'test': 2 << 40}


def _signed(x):
    return x - (1 << 64) if x >= 1 << 63 else x


_STEP, _FIRST, _SECOND = (_signed(x) for x in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def _shifted(x, by):
    return (x >> by) & ((1 << (64 - by)) - 1)


def mixed(x, number=0):
    """splitmix64: 64 well mixed bits of x and a number, both int64 tensors or whole numbers."""
    x = (torch.as_tensor(x, dtype=torch.int64) ^ (torch.as_tensor(number, dtype=torch.int64) * _SECOND)) + _STEP
    x = (x ^ _shifted(x, 30)) * _FIRST
    x = (x ^ _shifted(x, 27)) * _SECOND
    return x ^ _shifted(x, 31)


def seed_of(*numbers):
    """One number from 0 to 2^62 that is another one where any of these is."""
    x = torch.zeros((), dtype=torch.int64)
    for number in numbers:
        x = mixed(x, number)
    return int(_shifted(x, 2))


def _spread(x, *sizes):
    """For each entry of x, numbers in a tensor of these sizes behind it."""
    for size in sizes:
        x = mixed(x[..., None], torch.arange(1, size + 1))
    return x


def _below(x, limit):
    """Numbers from 0 to limit - 1 of well mixed ones."""
    return _shifted(x, 2) % limit


class Order:
    """Which sequences a step trains on: every sequence once an epoch, in an order of its own for each seed and epoch."""

    def __init__(self, sequences, batch, seed):
        self._sequences, self._batch, self._seed = sequences, batch, seed
        self._orders = {}

    def numbers(self, step):
        places = range(step * self._batch, (step + 1) * self._batch)
        return torch.tensor([self._order(place // self._sequences)[place % self._sequences] for place in places])

    def _order(self, epoch):
        if epoch not in self._orders:
            generator = torch.Generator().manual_seed(seed_of(self._seed, 7, epoch))
            self._orders = {key: value for key, value in self._orders.items() if key == epoch - 1}
            self._orders[epoch] = torch.randperm(self._sequences, generator=generator)
        return self._orders[epoch]


class Motivating:
    """Blocks of N distinct letters joined by ".", "#" and L letters: the answer is the block that has all of them.

    As the motivating task of Multi-Token Attention (arXiv:2504.00927): no other block has all the letters that are asked for.
    """

    metric = 'error'
    characters = LETTERS + '.#'

    def __init__(self, settings):
        self.letters, self.query, self.seed = settings.letters, settings.query, settings.data_seed
        if not self.query < self.letters <= len(LETTERS):
            raise Refused(f'query={self.query} must be less than letters={self.letters}, and those at most {len(LETTERS)}')
        # Blocks, the dots between them, "#" and the letters that are asked for.
        most = (settings.most_characters - self.query) // (self.letters + 1)
        self.blocks = settings.blocks or most
        if not 2 <= self.blocks <= most:
            raise Refused(
                f'blocks={self.blocks} of letters={self.letters}: there must be at least 2, and {most} are the most whole ones '
                f'that most_characters={settings.most_characters} hold'
            )
        self.answer = {'all': slice(0, None), 'first': slice(0, 1), 'last': slice(-1, None)}[settings.answer]

    def sequences(self, numbers):
        """Prompts [n, T] and answers [n, A] of numbered sequences."""
        count = len(numbers)
        roots = mixed(mixed(torch.as_tensor(self.seed), 1), numbers)
        target = _below(mixed(roots, 2), self.blocks)
        own = torch.arange(self.blocks) == target[:, None]
        draws = _spread(mixed(roots, 3), self.blocks)
        blocks = self._blocks(draws)
        block = blocks[torch.arange(count), target]
        asked = block.gather(1, _spread(mixed(roots, 4), self.letters).argsort(-1)[:, :self.query])
        while True:
            has_all = (blocks[..., None] == asked[:, None, None, :]).any(2).all(-1) & ~own
            if not bool(has_all.any()):
                break
            draws = torch.where(has_all, mixed(draws, 5), draws)
            blocks[has_all] = self._blocks(draws[has_all])
        dots = torch.full((count, self.blocks, 1), self.characters.index('.'))
        body = torch.cat([blocks, dots], -1).flatten(1)[:, :-1]
        question = torch.full((count, 1), self.characters.index('#'))
        return torch.cat([body, question, asked], 1), block[:, self.answer]

    def _blocks(self, draws):
        return _spread(draws, len(LETTERS)).argsort(-1)[..., :self.letters]


class Needles:
    """Several needles in a haystack: keys of two capitals, each with a value of two digits behind it, hidden among letters.

    The end asks for some of the keys; the answer is their values, one after another.
    """

    metric = 'error'
    capitals, digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'
    characters = LETTERS + capitals + digits + '#'
    _needle = 4

    def __init__(self, settings):
        self.length, self.needles, self.asked, self.seed = settings.length, settings.needles, settings.asked, settings.data_seed
        self.haystack = self.length - 1 - 4 * self.asked
        if not self.asked <= self.needles or self.haystack < 2 * self._needle * self.needles:
            raise Refused(
                f'length={self.length} does not hold needles={self.needles} and a question for asked={self.asked} of them'
            )

    def sequences(self, numbers):
        roots = mixed(mixed(torch.as_tensor(self.seed), 11), numbers)
        capitals = len(LETTERS)
        digits = capitals + len(self.capitals)
        straw = _below(_spread(mixed(roots, 12), self.haystack), len(LETTERS))
        # Keys are distinct: numbers of pairs of capitals in a random order.
        keys = _spread(mixed(roots, 13), len(self.capitals) ** 2).argsort(-1)[:, :self.needles]
        keys = torch.stack([keys // 26, keys % 26], -1) + capitals
        values = _below(_spread(mixed(roots, 14), self.needles, 2), 10) + digits
        # One needle in each of as many equal parts, at a place of its own.
        part = self.haystack // self.needles
        starts = torch.arange(self.needles) * part + _below(_spread(mixed(roots, 15), self.needles), part - self._needle + 1)
        places = (starts[..., None] + torch.arange(self._needle)).flatten(1)
        hay = straw.scatter(1, places, torch.cat([keys, values], -1).flatten(1))
        chosen = _spread(mixed(roots, 16), self.needles).argsort(-1)[:, :self.asked, None].expand(-1, -1, 2)
        question = torch.full((len(numbers), 1), len(self.characters) - 1)
        return torch.cat([hay, question, keys.gather(1, chosen).flatten(1)], 1), values.gather(1, chosen).flatten(1)


class Text:
    """A small language model of bytes: windows of the text of some files, each byte from those before it."""

    metric = 'loss'
    characters = [chr(byte) for byte in range(256)]

    def __init__(self, settings):
        here = os.path.dirname(os.path.abspath(__file__))
        path = os.path.join(here, settings.text)
        data = _bytes_below(path)
        self.context, self.seed = settings.context, settings.data_seed
        self.fingerprint = hashlib.sha256(data).hexdigest()[:16]
        whole = torch.frombuffer(bytearray(data), dtype=torch.uint8)
        ends = {'train': 0, 'validation': int(0.85 * len(data)), 'test': int(0.9 * len(data)), 'end': len(data)}
        names = list(ends)
        self._parts = {name: whole[ends[name]:ends[after]] for name, after in zip(names, names[1:])}
        if min(len(part) for part in self._parts.values()) <= self.context + 1:
            raise Refused(f'text={settings.text}: {len(data)} bytes are too few for context={self.context}')

    def sequences(self, numbers):
        kinds = sorted(STREAMS, key=STREAMS.get)
        part = self._parts[kinds[int(numbers[0]) >> 40]]
        starts = _below(mixed(mixed(torch.as_tensor(self.seed), 21), numbers), len(part) - self.context)
        windows = part[starts[:, None] + torch.arange(self.context + 1)].long()
        # Nothing is a prompt: the answer is the window but for its first byte.
        return windows[:, :1], windows[:, 1:]


def _bytes_below(path):
    """The text of a file, or of all Markdown files below a folder in the order of their names. Raises Refused."""
    if os.path.isfile(path):
        paths = [path]
    else:
        paths = sorted(
            os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names if name.endswith('.md')
        )
    if not paths:
        raise Refused(f'text={path} is no file, and no folder that holds any .md')
    texts = []
    for each in paths:
        with open(each, 'rb') as file:
            texts.append(file.read())
    return b'\n'.join(texts)


TASKS = {'motivating': Motivating, 'needles': Needles, 'text': Text}


def batch_of(task, numbers):
    """What a model is given [n, T] and what it must say at the last A places [n, A]."""
    prompts, answers = task.sequences(numbers)
    return torch.cat([prompts, answers[:, :-1]], 1), answers

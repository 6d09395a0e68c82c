"""Trains a small decoder around one variant of attention: `python train.py task=motivating variant=MTA seed=1`.

One process or many (`torchrun --nproc_per_node 2 train.py shards=2`), resumed where it was interrupted, to the bit.
"""
import contextlib
import dataclasses
import json
import os
import signal
import sys
import time

from settings import Refused, Settings, differences, settings_from, settings_text, threads_of

# Libraries of linear algebra read their number of threads once, when they are loaded, and wait for each other by spinning.
if threads_of(sys.argv[1:]) > 0:
    for _name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
        os.environ.setdefault(_name, str(threads_of(sys.argv[1:])))

# And cuBLAS its workspaces: with those its sums have one order.
os.environ.setdefault('CUBLAS_WORKSPACE_CONFIG', ':4096:8')

import torch
import torch.nn.functional as F

import records
from model import Decoder
from processes import Processes
from tasks import STREAMS, TASKS, Order, batch_of, seed_of
from variants import package_of, variant_of

# The exit status of a run that was asked to stop, and can go on.
STOPPED = 3
# How many validation sequences are computed at once, whatever the number of processes.
_AT_ONCE = 128


def run_name(settings):
    """The folder of a run below `out`: no two runs of one sweep share one."""
    plain = ''.join(letter if letter.isalnum() or letter in '-_' else '-' for letter in settings.variant)
    # Names that differ in other characters alone.
    if plain != settings.variant:
        plain += f'-{seed_of(*settings.variant.encode()) % 16**6:06x}'
    return os.path.join(settings.task, f'{plain}-lr{settings.learning_rate:g}-seed{settings.seed}')


class Training:
    """A run, from its folder's checkpoint on, or from the beginning."""

    def __init__(self, settings):
        self.settings = settings
        self.device = torch.device(settings.device or ('cuda' if torch.cuda.is_available() else 'cpu'))
        if self.device.type == 'cuda' and self.device.index is None:
            self.device = torch.device('cuda', int(os.environ.get('LOCAL_RANK', '0')))
            torch.cuda.set_device(self.device)
        if self.device.type == 'cuda':
            # Sums in one order, as far as PyTorch has a way; where it has none it warns.
            torch.use_deterministic_algorithms(True, warn_only=True)
        if settings.threads > 0:
            torch.set_num_threads(settings.threads)
        self.task = TASKS[settings.task](settings)
        variant = variant_of(package_of(settings.package), settings.variant)
        self.model = Decoder(variant, len(self.task.characters), settings).to(self.device)
        self.optimizer = torch.optim.Adam(
            self.model.parameters(), lr=settings.learning_rate, betas=(settings.beta1, settings.beta2)
        )
        self.order = Order(settings.sequences, settings.batch, settings.seed)
        self.folder = os.path.join(settings.out, run_name(settings))
        self.step, self.seconds, self._stopping = 0, 0.0, False
        self.processes = Processes(settings.shards, self.device)
        place = self._begin()
        self.log = records.Log(self._file('log.jsonl'), place) if self.processes.is_first else None
        self.boards = records.Boards(self.folder, self.step) if self.processes.is_first else None

    def _file(self, name):
        return os.path.join(self.folder, name)

    def _begin(self):
        """Loads the checkpoint where there is one; gives the place in the log that it was taken at. Raises Refused."""
        os.makedirs(self.folder, exist_ok=True)
        saved = None
        if os.path.exists(self._file('settings.json')):
            with open(self._file('settings.json'), encoding='utf-8') as file:
                saved = json.load(file)['settings']
        others = [] if saved is None else differences(saved, self.settings)
        if others:
            told = ', '.join(f'{name}={before}, not {now}' for name, before, now in others)
            raise Refused(f'{self.folder} holds a run with other settings: {told}; give it another out=')
        self.processes.wait()
        if saved is None and self.processes.is_first:
            records.write_text(self._file('settings.json'), self._description())
        if not os.path.exists(self._file('checkpoint.pt')):
            return 0
        state = torch.load(self._file('checkpoint.pt'), map_location=self.device)
        self.model.load_state_dict(state['model'])
        self.optimizer.load_state_dict(state['optimizer'])
        self.step, self.seconds = state['step'], state['seconds']
        return state['log']

    def _description(self):
        attention = self.model.layers[0].attention.attend
        return json.dumps({
            'format': 1,
            'settings': dataclasses.asdict(self.settings),
            'metric': self.task.metric,
            'solved_at': self.settings.solved_at if self.task.metric == 'error' else None,
            'attention': repr(attention),
            'parameters': {
                'attention': sum(parameter.numel() for parameter in attention.parameters()),
                'model': sum(parameter.numel() for parameter in self.model.parameters()),
            },
            'text': getattr(self.task, 'fingerprint', None),
            'torch': torch.__version__,
            'device': torch.cuda.get_device_name(self.device) if self.device.type == 'cuda' else 'cpu',
        }, indent=2) + '\n'

    def stop(self, *_):
        """After the step that is under way; the run can be resumed."""
        self._stopping = True

    def run(self):
        """Trains to the last step and tests. Gives whether it got there: it may be stopped before."""
        settings = self.settings
        if self.step > settings.steps:
            raise Refused(f'{self.folder} has {self.step} steps already, more than steps={settings.steps}')
        begun = time.perf_counter() - self.seconds
        parameters = list(self.model.parameters())
        while self.step < settings.steps:
            if self.step == 0:
                self._measure('evaluation', 'validation', begun)
            loss, stopping = self._train_step(parameters)
            self.step += 1
            if self.step % settings.log_every == 0:
                self._write('train', begun, {'loss': loss, 'learning_rate': self._learning_rate(self.step - 1)})
            if self.step % settings.evaluate_every == 0 or self.step == settings.steps:
                self._measure('evaluation', 'validation', begun)
            if self.step == settings.steps:
                self._measure('test', 'test', begun)
            if stopping or self.step % settings.checkpoint_every == 0 or self.step == settings.steps:
                self._save(begun)
            if stopping and self.step < settings.steps:
                return False
        return True

    def _learning_rate(self, step):
        settings = self.settings
        return settings.learning_rate * min(1.0, (step + 1) / settings.warmup if settings.warmup > 0 else 1.0)

    def _train_step(self, parameters):
        """One update; gives the loss, and whether some process was asked to stop."""
        settings, parts = self.settings, []
        numbers = self.order.numbers(self.step) + STREAMS['train']
        size = settings.batch // settings.shards
        self.model.train()
        for shard in self.processes.shards:
            # What is drawn is a function of the seed, the step and the shard: no state that an interruption could lose.
            torch.manual_seed(seed_of(settings.seed, 6, self.step, shard))
            tokens, answers = batch_of(self.task, numbers[shard * size:(shard + 1) * size])
            loss, _ = self._loss(tokens.to(self.device), answers.to(self.device))
            gradients = torch.autograd.grad(loss / settings.shards, parameters)
            extras = torch.stack([loss.detach() / settings.shards, loss.new_tensor(float(self._stopping))])
            parts.append(torch.cat([*(gradient.reshape(-1) for gradient in gradients), extras]))
        total = self.processes.total(torch.stack(parts))
        gradients, (loss, stopping) = total[:-2], total[-2:].tolist()
        if settings.clip > 0:
            gradients = gradients * (settings.clip / (gradients.norm() + 1e-6)).clamp(max=1.0)
        for parameter, gradient in zip(parameters, gradients.split([parameter.numel() for parameter in parameters])):
            parameter.grad = gradient.view_as(parameter)
        for group in self.optimizer.param_groups:
            group['lr'] = self._learning_rate(self.step)
        self.optimizer.step()
        return loss, stopping > 0

    def _loss(self, tokens, answers):
        """The mean loss of the answers, and which of their letters were said rightly."""
        is_short = self.settings.dtype == 'bf16'
        with torch.autocast(self.device.type, torch.bfloat16) if is_short else contextlib.nullcontext():
            logits = self.model(tokens, answers.shape[1])
        loss = F.cross_entropy(logits.float().flatten(0, 1), answers.flatten())
        return loss, logits.argmax(-1) == answers

    @torch.no_grad()
    def _measure(self, kind, stream, begun):
        """The loss, and the share of sequences with a letter said wrongly; each process measures some of the sequences."""
        count = getattr(self.settings, stream)
        batches = [range(start, min(start + _AT_ONCE, count)) for start in range(0, count, _AT_ONCE)]
        sums = torch.zeros(len(batches), 2, dtype=torch.float64, device=self.device)
        self.model.eval()
        for place in range(self.processes.rank, len(batches), self.processes.count):
            numbers = torch.tensor(batches[place]) + STREAMS[stream]
            tokens, answers = batch_of(self.task, numbers)
            loss, right = self._loss(tokens.to(self.device), answers.to(self.device))
            sums[place, 0] = loss.double() * len(numbers)
            sums[place, 1] = (~right.all(-1)).sum()
        # All but one term of each sum is 0: the order does not matter.
        total = torch.stack(self.processes.gathered(sums)).sum(0).sum(0) / count
        self.processes.agree(float(sum(parameter.detach().double().sum() for parameter in self.model.parameters())))
        self._write(kind, begun, {'loss': float(total[0]), 'error': float(total[1])})

    def _write(self, kind, begun, values):
        if not self.processes.is_first:
            return
        seconds = time.perf_counter() - begun
        self.log.write({'kind': kind, 'step': self.step, **values, 'seconds': round(seconds, 3)})
        self.boards.write(kind, self.step, values)
        if kind != 'train':
            metric = self.task.metric
            print(f'{kind} after {self.step} steps: {metric} {values[metric]:.4f}, {seconds:.0f} s', flush=True)

    def _save(self, begun):
        if self.processes.is_first:
            records.save(self._file('checkpoint.pt'), {
                'model': self.model.state_dict(),
                'optimizer': self.optimizer.state_dict(),
                'step': self.step,
                'seconds': time.perf_counter() - begun,
                'log': self.log.place,
            })
        self.processes.wait()

    def close(self):
        if self.boards is not None:
            self.boards.close()
        self.processes.close()


def main(words):
    if any(word in ('-h', '--help', 'help') for word in words):
        print(__doc__)
        print('Settings, with their defaults for the motivating task:')
        print(settings_text(Settings()))
        return 0
    try:
        training = Training(settings_from(words))
    except Refused as refusal:
        print(f'train.py: {refusal}', file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, training.stop)
    try:
        return 0 if training.run() else STOPPED
    except Refused as refusal:
        print(f'train.py: {refusal}', file=sys.stderr)
        return 2
    finally:
        training.close()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

"""Trains variants × learning rates × seeds: `python sweep.py variant=base variant=MTA learning_rate=1e-3 learning_rate=2e-3 seed=0..5`.

What is given several times is swept, alike for each variant; all variants of the package where none is given. Words that are
neither variant, learning_rate nor seed are settings of every run. On one machine runs go in turns, `at_once=2` of them at a time,
each by `processes=1`; `slurm=FILE` writes an array job instead, with `sbatch=--time=24:00:00` as a line of its own. A sweep that
is started again goes on where it was: runs that are finished are left as they are.
"""
import itertools
import os
import shlex
import subprocess
import sys

from settings import Refused, Settings, settings_from

_HERE = os.path.dirname(os.path.abspath(__file__))
_TRAIN = os.path.join(_HERE, 'train.py')
_AXES = ('variant', 'learning_rate', 'seed')


class Sweep:
    def __init__(self, words):
        axes = {name: [] for name in _AXES}
        own = {'at_once': '1', 'processes': '1', 'slurm': '', 'only': ''}
        self.sbatch, self.shared = [], []
        for word in words:
            name, _, text = word.partition('=')
            if name in axes:
                axes[name] += _range(text) if name == 'seed' else [text]
            elif name in own:
                own[name] = text
            elif name == 'sbatch':
                self.sbatch.append(text)
            else:
                self.shared.append(word)
        self.at_once, self.processes = _count('at_once', own['at_once']), _count('processes', own['processes'])
        self.slurm, self.only = own['slurm'], own['only']
        if self.processes > 1 and not any(word.startswith('shards=') for word in self.shared):
            self.shared.append(f'shards={self.processes}')
        settings = settings_from(self.shared)
        values = [
            axes['variant'] or _variants(settings.package),
            axes['learning_rate'] or [str(settings.learning_rate)],
            axes['seed'] or [str(settings.seed)],
        ]
        # Seeds change slowest: whatever has been trained when one looks, variants can be compared.
        self.runs = [
            [*self.shared, f'variant={variant}', f'learning_rate={rate}', f'seed={seed}']
            for seed, rate, variant in itertools.product(*reversed(values))
        ]
        for run in self.runs:
            settings_from(run)

    def command(self, run):
        if self.processes == 1:
            return [sys.executable, _TRAIN, *run]
        # torchrun. With PyTorch 1.13 on Python 3.11 it cannot say "no redirection": its lines go through files, and to the terminal.
        launcher = ['-m', 'torch.distributed.run', '--standalone', f'--nproc_per_node={self.processes}', '-r', '1', '-t', '1']
        return [sys.executable, *launcher, _TRAIN, *run]


def _count(name, text):
    if not text.isdigit() or int(text) < 1:
        raise Refused(f'{name}={text}: it must be a whole number from 1 on')
    return int(text)


def _range(text):
    first, dots, last = text.partition('..')
    if not dots:
        return [text]
    if not first.isdigit() or not last.isdigit() or int(last) < int(first):
        raise Refused(f'seed={text}: write a seed, or a range such as seed=0..5')
    return [str(seed) for seed in range(int(first), int(last) + 1)]


def _variants(package):
    from variants import package_of

    return list(package_of(package).variants)


def in_turns(sweep):
    """Runs that could not be finished: [(run, exit status)]."""
    waiting, running, failed = list(enumerate(sweep.runs, 1)), {}, []
    try:
        while waiting or running:
            while waiting and len(running) < sweep.at_once:
                number, run = waiting.pop(0)
                print(f'run {number} of {len(sweep.runs)}: {" ".join(map(shlex.quote, run))}', flush=True)
                running[subprocess.Popen(sweep.command(run))] = run
            process = next(iter(running))
            status = process.wait()
            run = running.pop(process)
            if status != 0:
                failed.append((run, status))
            if status == 3:  # train.STOPPED
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        # The runs were interrupted as well: each ends its step, and keeps a checkpoint.
        for process in running:
            process.terminate()
        for process in running:
            process.wait()
        print('interrupted; the same command goes on from here', file=sys.stderr)
        sys.exit(130)
    return failed


def array_job(sweep, words):
    """The text of an array job with one run a task, which Slurm may start again at any time."""
    own = [word for word in words if word.partition('=')[0] not in ('slurm', 'sbatch', 'at_once')]
    # Tabs and line ends would end a line of the job early.
    for word in [*own, *sweep.sbatch]:
        if any(letter in word for letter in '\n\r'):
            raise Refused(f'{word!r} has a line end, which an array job cannot hold')
    command = ' '.join(shlex.quote(word) for word in [sys.executable, os.path.join(_HERE, 'sweep.py'), *own])
    lines = [
        '#!/bin/bash',
        f'#SBATCH --array=0-{len(sweep.runs) - 1}' + (f'%{sweep.at_once}' if sweep.at_once > 1 else ''),
        '#SBATCH --job-name=heddle-sweep',
        '#SBATCH --requeue',
        # Two minutes before the time is over: the run ends its step and keeps a checkpoint; submit the job again to go on.
        '#SBATCH --signal=B:TERM@120',
        *(f'#SBATCH {line}' for line in sweep.sbatch),
        f'cd {shlex.quote(os.getcwd())} || exit 1',
        f'exec {command} only="$SLURM_ARRAY_TASK_ID"',
    ]
    return '\n'.join(lines) + '\n'


def main(words):
    if not words or any(word in ('-h', '--help', 'help') for word in words):
        print(__doc__)
        print(f'Settings of runs: python train.py --help; the default task is {Settings.task}.')
        return 0
    try:
        sweep = Sweep(words)
        if sweep.slurm:
            # Whoever reads it while it is written finds the old one or the new one.
            from records import write_text

            write_text(sweep.slurm, array_job(sweep, words))
            print(f'{sweep.slurm}: {len(sweep.runs)} runs; submit it with: sbatch {shlex.quote(sweep.slurm)}')
            return 0
        if sweep.only:
            if not sweep.only.isdigit() or int(sweep.only) >= len(sweep.runs):
                raise Refused(f'only={sweep.only}: there are the runs 0 to {len(sweep.runs) - 1}')
            command = sweep.command(sweep.runs[int(sweep.only)])
            sys.stdout.flush()
            # In place of this process, so that what Slurm says to it reaches the run.
            os.execv(command[0], command)
        failed = in_turns(sweep)
    except Refused as refusal:
        print(f'sweep.py: {refusal}', file=sys.stderr)
        return 2
    for run, status in failed:
        print(f'failed with status {status}: {" ".join(map(shlex.quote, run))}', file=sys.stderr)
    print(f'{len(sweep.runs) - len(failed)} of {len(sweep.runs)} runs are finished')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

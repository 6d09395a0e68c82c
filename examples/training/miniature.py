"""Trains plain attention and Multi-Token Attention on a small motivating task, in a minute or two on two CPU cores.

    python miniature.py [folder, out/miniature unless told]

8 blocks of 5 letters, then "#" and 2 letters: the answer is the first letter of the block that has both. The same model, seed,
sequences and steps for both, one core each. Ends with status 0 where Multi-Token Attention errs at most a fifth as often, and
leaves curves.svg in the folder.
"""
import os
import shutil
import subprocess
import sys
import time

from curves import picture
from records import records_of, write_text
from settings import settings_from
from train import run_name

STEPS = 600
SETTINGS = [
    'task=motivating', 'package=miniature', 'blocks=8', 'answer=first', 'layers=2', 'width=64', 'dropout=0', 'dtype=f32',
    'learning_rate=2e-3', 'warmup=50', f'steps={STEPS}', 'evaluate_every=50', 'device=cpu', 'threads=1',
]
VARIANTS = {'base': 'plain attention', 'MTA': 'MTA'}
# The most that MTA may err, as a share of what plain attention errs.
MOST = 1 / 5
# The C library gives memory of more than a few pages back to the system after each operation, and is given it again: for tensors of
# this size that takes longer than computing. These keep it.
ENVIRONMENT = {'MALLOC_MMAP_THRESHOLD_': str(2**30), 'MALLOC_TRIM_THRESHOLD_': str(2**32), 'MALLOC_TOP_PAD_': str(2**28)}


def main(words):
    folder = words[0] if words else os.path.join('out', 'miniature')
    here = os.path.dirname(os.path.abspath(__file__))
    begun = time.time()
    runs = {}
    for variant in VARIANTS:
        settings = [*SETTINGS, f'variant={variant}', f'out={folder}']
        path = os.path.join(folder, run_name(settings_from(settings)))
        shutil.rmtree(path, ignore_errors=True)
        command = [sys.executable, os.path.join(here, 'train.py'), *settings]
        process = subprocess.Popen(command, env={**os.environ, **ENVIRONMENT}, stdout=subprocess.DEVNULL)
        runs[variant] = (process, os.path.join(path, 'log.jsonl'))
    statuses = [process.wait() for process, _ in runs.values()]
    if any(statuses):
        print(f'miniature.py: training ended with status {max(statuses, key=abs)}', file=sys.stderr)
        return 2
    curves, errors = {}, {}
    for variant, (_, path) in runs.items():
        records = records_of(path)
        curves[VARIANTS[variant]] = [(each['step'], each['error']) for each in records if each['kind'] == 'evaluation']
        errors[variant] = records[-1]['error']
        print(f'{VARIANTS[variant]} errs on {100 * errors[variant]:.1f} % of the test sequences after {STEPS} steps')
    title = '8 blocks of 5 letters: the first letter of the block that has both'
    drawn = os.path.join(folder, 'curves.svg')
    write_text(drawn, picture(title, curves, 'wrong answers'))
    print(f'{drawn} has the curves; all took {time.time() - begun:.0f} s')
    if errors['MTA'] > MOST * errors['base']:
        print(f'miniature.py: MTA errs more than a fifth as often as plain attention: {errors}', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

"""Runs the suite as on a device, on the host: torch.cuda is mocked in the worker, libraries hold kernels on the emulation, and compilers
and profilers are small scripts. So the lines run that a dry run leaves out. Arguments: the folder, then those of run.py.
"""
import os
import stat
import sys

folder = os.path.abspath(sys.argv[1])
sys.path.insert(0, folder)
os.chdir(folder)

# Programs that the suite calls, by what they would say. What nvcc makes of a library is the one of the emulation.
mocked = os.path.join(folder, 'mocked-programs')
os.makedirs(mocked, exist_ok=True)
scripts = {
    'nvcc': 'for last; do :; done\nif [ "$1" = --version ]; then echo a mock of nvcc; exit 0; fi\n'
    'for each; do case "$each" in *driver.cu|*micro.cu) kind=program;; *.cu) source="$each";; esac; done\n'
    'if [ -z "$kind" ]; then cp "$(dirname "$source")/emulated.so" "$last"; exit $?; fi\n'
    'printf \'#!/bin/sh\\necho noise\\necho "{\\\\"name\\\\": \\\\"mma.sync\\\\", \\\\"detail\\\\": \\\\"mocked\\\\", '
    '\\\\"median_ms\\\\": 1.0, \\\\"least_ms\\\\": 1.0, \\\\"tflops\\\\": 500.0}"\\n\' > "$last"\nchmod +x "$last"\n',
    'nvidia-smi': 'echo 580.1, 1980, 2619, 1980, 700.00, 35, Disabled\n',
    'compute-sanitizer': 'case "$2" in racecheck) echo "========= a race at line 7"; exit 9;; initcheck) exit 4;; esac\n"$5" >/dev/null\n',
    'ncu': 'case "$*" in *--metrics*) echo "unknown metric" >&2; exit 2;; esac\n'
    'echo \'"ID","Kernel Name","gpu__time_duration.sum","sm__inst_issued.avg.pct_of_peak_sustained_active"\'\n'
    'echo \'"","","msecond","%"\'\necho \'"0","causal_kernel","1.5","81.0"\'\n',
}
for name, text in scripts.items():
    path = os.path.join(mocked, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write('#!/bin/sh\n' + text)
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
os.environ['PATH'] = mocked + os.pathsep + os.environ['PATH']

import run
from suite import plan, workers

# Kernels on the emulation take seconds for what a device has no time to notice.
plan.SIZES = plan.DRY_SIZES

workers.COMMAND = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'mocked_worker.py'), folder]
code = run.main(sys.argv[2:])
sys.stdout.flush()
os._exit(code)

"""The process that touches the device: it takes tasks by standard input, one line of JSON each, and answers each by another line."""
import ctypes
import json
import os
import signal
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# In the place of this file's own folder, whose names are not meant for others.
sys.path[0] = ROOT
_PR_SET_PDEATHSIG = 1


def _end_with_parent():
    """A kernel that hangs must not outlive the run that was killed."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        pass


def main(arguments):
    _end_with_parent()
    # Compilers and kernels may print: answers have a channel of their own.
    answers = os.fdopen(os.dup(1), 'w', encoding='utf-8')
    os.dup2(2, 1)
    from suite import tasks
    from suite.device import Device

    device = Device(**json.loads(arguments[0]))
    for line in sys.stdin:
        answers.write(json.dumps(tasks.answer(device, json.loads(line)), default=str) + '\n')
        answers.flush()


if __name__ == '__main__':
    main(sys.argv[1:])

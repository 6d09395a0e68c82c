"""Builds, checks, measures and profiles the kernels of this folder on a CUDA device: python run.py --help."""
import argparse
import os
import signal
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, ROOT)


def numbers(text):
    return [int(each) for each in text.split(',')]


def options_of(arguments):
    parser = argparse.ArgumentParser(description='Builds, checks, measures and profiles the kernels of this folder. See README.md.')
    parser.add_argument('--plan', action='store_true', help='prints what would run, with estimates, and ends')
    parser.add_argument('--budget', type=float, default=540.0, help='seconds that everything may take (540)')
    parser.add_argument('--groups', type=numbers, default=list(range(1, 10)), help='only these groups: 1,2,4')
    parser.add_argument('--match', action='append', help='only variants whose names hold this text; may be repeated')
    parser.add_argument('--again', action='append', help='runs entries anew whose names hold this text; may be repeated')
    parser.add_argument('--fresh', action='store_true', help='sets earlier results aside, and starts anew')
    parser.add_argument('--lengths', type=numbers, help='lengths that are timed (2048,8192,16384)')
    parser.add_argument('--head-dims', type=numbers, help='head sizes that are timed (128,64)')
    parser.add_argument('--rounds', type=int, default=11, help='interleaved rounds at most (11)')
    parser.add_argument('--seed', type=int, default=1, help='seed of all random inputs (1)')
    parser.add_argument('--jobs', type=int, help='compilers at once (two fewer than there are cores)')
    parser.add_argument('--out', default='results.json', help='where the results go (results.json)')
    parser.add_argument('--dry-run', action='store_true', help='tries the suite on the CPU, with kernels on the emulation where the folder has them')
    return parser.parse_args(arguments)


def main(arguments):
    from suite import plan, programs, schedule
    from suite.session import Session

    options = options_of(arguments)
    session = Session(ROOT, options)
    if options.plan:
        print(plan.text(session))
        return 0
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _stop)
    try:
        return schedule.run(session)
    finally:
        session.worker.end()
        programs.end_all()


def _stop(number, frame):
    """What was found is written already; what is under way ends with the run."""
    raise SystemExit(128 + number)


if __name__ == '__main__':
    code = 1
    try:
        code = main(sys.argv[1:])
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        code = end.code if isinstance(end.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    # Compilers that were still at work when time was up are not waited for.
    os._exit(code)

"""Builds, checks and measures the kernels of this folder on a CUDA device: python run.py --help."""
import argparse
import json
import os
import sys
import traceback

ROOT = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, ROOT)

PARTS = ['correctness', 'micro', 'time', 'sanitize']


def numbers(text):
    return [int(each) for each in text.split(',')]


def options_of(arguments):
    parser = argparse.ArgumentParser(description='Builds, checks and measures the kernels of this folder. See README.md.')
    parser.add_argument('--only', action='append', choices=PARTS, help='only this part; may be repeated')
    parser.add_argument('--budget', type=float, default=510.0, help='seconds that everything may take (510)')
    parser.add_argument('--match', action='append', help='only variants whose names hold this text; may be repeated')
    parser.add_argument('--lengths', type=numbers, default=[1024, 2048, 4096, 8192, 16384], help='lengths that are timed')
    parser.add_argument('--head-dims', type=numbers, default=[64, 96, 128], help='head sizes that are timed')
    parser.add_argument('--compile-lengths', type=numbers, default=[2048, 8192], help='lengths for torch.compile of eager PyTorch, which takes long for each')
    parser.add_argument('--compile-head-dims', type=numbers, default=[128], help='head sizes for it and for FlexAttention')
    parser.add_argument('--rounds', type=int, default=11, help='interleaved rounds at most (11)')
    parser.add_argument('--seed', type=int, default=1, help='seed of all random inputs (1)')
    parser.add_argument('--jobs', type=int, help='compilers at once (as many as there are cores)')
    parser.add_argument('--out', default='results.json', help='where the results go (results.json)')
    parser.add_argument('--dry-run', action='store_true', help='tries the suite on the CPU: nothing is built, eager PyTorch stands in')
    return parser.parse_args(arguments)


def main(arguments):
    options = options_of(arguments)
    from suite import build, correctness, machine, micro, report, sanitize, timing
    from suite.context import Context, Skipped

    context = Context(ROOT, options)
    results = context.results
    results['heddle'] = {name: context.description[name] for name in ('heddle', 'revision', 'forms')}
    results['options'] = vars(options)

    def about():
        results['machine'] = machine.facts(context)
        if 'time' in chosen or 'micro' in chosen:
            results['limits'] = machine.limits(context, results['machine'])
        context.say(results['machine']['device'])

    chosen = options.only or PARTS
    steps = [('the machine', about)]
    if 'correctness' in chosen or 'time' in chosen:
        steps.append(('build', lambda: build.build(context)))
    works = {
        'micro': lambda: micro.measure(context),
        'correctness': lambda: correctness.check(context),
        'time': lambda: timing.measure(context),
        'sanitize': lambda: sanitize.check(context),
    }
    # The short one first; what takes as long as it is given comes last.
    steps += [(part, works[part]) for part in ('micro', 'correctness', 'time', 'sanitize') if part in chosen]
    for name, step in steps:
        try:
            step()
        except Skipped as reason:
            context.leave_out(f'{name}: {reason}')
        except Exception as error:  # the other parts may work
            context.problem(f'{name}: {type(error).__name__}: {error}')
            traceback.print_exc()
        _write(options.out, results)
    results['seconds'] = context.elapsed()
    _write(options.out, results)
    print()
    print(report.text(results))
    print(f'\n{context.elapsed():.0f} s; all samples are in {options.out}')
    return 1 if results['failures'] else 0


def _write(path, results):
    """Whole or not at all, after each part: a run that is cut off leaves what it has."""
    with open(path + '.tmp', 'w', encoding='utf-8') as file:
        json.dump(results, file, indent=1, default=str)
    os.replace(path + '.tmp', path)


if __name__ == '__main__':
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Compilers that were still at work when time was up are not waited for.
    os._exit(code)

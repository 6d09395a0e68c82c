"""Makes a page of results, for people: python report.py results.json [earlier.json] [--out FOLDER]."""
import argparse
import json
import os
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, ROOT)


def _read(path):
    try:
        with open(path, encoding='utf-8') as file:
            found = json.load(file)
    except (OSError, ValueError) as error:
        raise SystemExit(f'{path} cannot be read: {error}') from None
    if not isinstance(found, dict) or 'groups' not in found:
        raise SystemExit(f'{path} holds no results of run.py')
    return found


def _panels(results):
    """Timed entries by workload, and in each by head size."""
    from suite.tables import workloads

    found = {}
    for (workload, head_dim), entries in workloads(results).items():
        found.setdefault(workload, {})[head_dim] = entries
    return found


def main(arguments):
    from suite.chart import chart
    from suite.page import page
    from suite.tables import ceilings

    parser = argparse.ArgumentParser(description='Makes one page of Markdown of results, and one chart for each workload.')
    parser.add_argument('results', help='what run.py has written')
    parser.add_argument('earlier', nargs='?', help='other results, which these are compared with')
    parser.add_argument('--out', default='report', help='the folder that is written to (report)')
    options = parser.parse_args(arguments)
    results = _read(options.results)
    earlier = None if options.earlier is None else _read(options.earlier)
    os.makedirs(options.out, exist_ok=True)
    charts = {}
    before = _panels(earlier) if earlier is not None else {}
    for workload, panels in _panels(results).items():
        charts[workload] = f'{workload}.svg'
        _write(options.out, charts[workload], chart(workload, panels, ceilings(results), before.get(workload)))
    _write(options.out, 'report.md', page(results, charts, earlier))
    print(os.path.join(options.out, 'report.md'))


def _write(folder, name, text):
    with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
        file.write(text)


if __name__ == '__main__':
    main(sys.argv[1:])

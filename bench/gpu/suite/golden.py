"""Checks small cases against the truth that came with the folder: gold and low by the interpreter."""
import json

import torch

from .correctness import PRECISIONS, bits_check, verdict
from .rule import judge

_DTYPES = {'float32': torch.float32, 'float64': torch.float64, 'int32': torch.int32}


def read_case(device, path):
    """The parts of a case, as inputs, gold and low, each by name; and its shape."""
    with open(device.path(path + '.json'), encoding='utf-8') as file:
        case = json.load(file)
    with open(device.path(path + '.bin'), 'rb') as file:
        numbers = bytearray(file.read())
    parts = {}
    for each in case['tensors']:
        count = 1
        for size in each['shape']:
            count *= size
        tensor = torch.frombuffer(numbers, dtype=_DTYPES[each['dtype']], count=count, offset=each['offset']).reshape(each['shape'])
        parts.setdefault(each['part'], {})[each['name']] = tensor.to(device.torch)
    return parts, case['shape']


def label_of(shape):
    return '{batch}x{queries}x{keys}, {rows} rows'.format(**shape)


def given_of(package, variant, parts):
    """The inputs of a case by their names in Python, in the dtypes that kernels take."""
    given = {}
    for name, argument in variant['arguments'].items():
        tensor = parts['input'][name]
        given[argument] = tensor.to(PRECISIONS[variant['dtype']]) if argument in package.stored else tensor
    return given


def golden(device, arguments):
    """All small cases of a form: by the rule, and the same bits from a second run."""
    variant, form = arguments['variant'], arguments['forms'][0]
    package = device.package(form)
    checks = []
    with torch.no_grad():
        for path in variant['cases']:
            parts, shape = read_case(device, path)
            what = label_of(shape)
            given = given_of(package, variant, parts)
            device.must_run(package, given)
            out = package.run(given, shape['rows'])
            # Outputs of a case are in the order of the spec; in Python they have names of their own.
            gold, low = [dict(zip(package.outputs, parts[part].values())) for part in ('gold', 'low')]
            for name in package.outputs:
                checks.append({'what': f'{name}, {what}', **judge(out[name], gold[name], low[name], variant['dtype'])})
            checks.append(bits_check(f'a second run, {what}', out, package.run(given, shape['rows'])))
    return verdict(checks)

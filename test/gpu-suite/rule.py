"""Judges cases of a JSON file by the suite's rule. Arguments: the folder of the suite, the file."""
import json
import sys

sys.path.insert(0, sys.argv[1])
import torch

from suite.rule import judge


def tensor(numbers, shape):
    return torch.tensor([float(number) for number in numbers], dtype=torch.float64).reshape(shape)


with open(sys.argv[2], encoding='utf-8') as file:
    cases = json.load(file)
judged = []
for case in cases:
    out, gold = [tensor(case[name], case['shape']) for name in ('out', 'gold')]
    lows = [tensor(each, case['shape']) for each in case['low']]
    found = judge(out, gold, lows if len(lows) > 1 else lows[0], case['precision'])
    judged.append({'passed': found['passed'], 'error': str(found['error']), 'bound': str(found['bound'])})
json.dump(judged, sys.stdout)

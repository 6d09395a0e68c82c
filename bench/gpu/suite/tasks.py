"""What the worker can be asked, by name; every answer has a status, and a reason where it is none that was hoped for."""
import glob
import os
import sys

import torch

from . import device as devices
from . import machine, programs
from .correctness import correctness, first
from .golden import golden
from .gradients import golden_gradients, gradients
from .operator_checks import operator
from .timing import rival, time_of
from .training import training, training_rival

# Errors of the driver after which nothing works any more in this process, and the launcher's own for what does not run here.
_BROKEN = ('cuda error', 'unspecified launch failure', 'illegal', 'accelerator', 'cublas', 'misaligned address')
_UNUSABLE = ('insufficient for CUDA runtime', 'no kernel image', 'not supported', 'invalid device function', 'PTX')


def ready(device, arguments):
    return {'status': 'done'}


def load(device, arguments):
    """Loads libraries, by name; why each does not load that does not."""
    _preload_runtime()
    refused = {}
    for name, path in arguments['paths'].items():
        try:
            devices.load(path)
        except OSError as error:
            refused[name] = str(error).replace(path, 'it')
    return {'status': 'done', 'refused': refused}


def _preload_runtime():
    """Libraries share the CUDA runtime by its name: that of the toolkit serves where PyTorch brings another release."""
    folders = [os.path.join(each, 'nvidia', '*', 'lib') for each in sys.path if each.endswith('site-packages')]
    if programs.toolkit() is not None:
        folders += [os.path.join(programs.toolkit(), 'lib64'), os.path.join(programs.toolkit(), 'targets', '*', 'lib')]
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, 'libcudart.so.*'))):
            try:
                devices.load(path)
            except OSError:
                pass


_TASKS = {
    'ready': ready,
    'load': load,
    'facts': machine.facts,
    'ceiling': machine.ceiling,
    'first': first,
    'correctness': correctness,
    'golden': golden,
    'gradients': gradients,
    'golden gradients': golden_gradients,
    'operator': operator,
    'time': time_of,
    'rival': rival,
    'training': training,
    'training rival': training_rival,
}


def answer(device, request):
    """The answer to a request, whatever happens short of the end of the process."""
    try:
        found = _TASKS[request['task']](device, request['arguments'])
        device.synchronize()
    except programs.Skipped as reason:
        found = {'status': 'skipped', 'reason': str(reason)}
    except Exception as error:  # one entry must not keep the others from being answered
        text = f'{type(error).__name__}: {str(error)[:1500]}'
        if 'out of memory' in text.lower():
            # Nothing is broken, and a smaller device says nothing of the kernels.
            return {'status': 'skipped', 'reason': text[:300]}
        is_broken = device.is_cuda and any(each in text.lower() for each in _BROKEN)
        found = {'status': 'died', 'reason': device.waits_in_vain() or text, 'is_broken': is_broken}
        if request['task'] == 'first' and any(each in text for each in _UNUSABLE):
            found['is_unusable'] = True
        return found
    try:
        device.release()
    except RuntimeError:
        return {**found, 'is_broken': True}
    return found

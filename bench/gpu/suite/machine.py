"""What the measurements were made on, and what that machine can do at most: a copy and a product, measured."""
import os
import platform
import shutil

import torch

from . import programs

# Dense bf16 multiply-adds of tensor cores a clock and multiprocessor, by compute capability; published.
_MULTIPLY_ADDS = {(8, 0): 1024, (8, 6): 512, (8, 9): 512, (9, 0): 2048, (10, 0): 4096}
_FIELDS = ('driver_version', 'clocks.max.sm', 'clocks.max.mem', 'clocks.sm', 'power.limit', 'temperature.gpu', 'mig.mode.current')


def _nvidia_smi():
    """What the driver says of the device, by field; empty where it does not say."""
    program = shutil.which('nvidia-smi')
    if program is None:
        return {}
    try:
        text, _ = programs.run([program, '--id=0', f"--query-gpu={','.join(_FIELDS)}", '--format=csv,noheader,nounits'], 20)
    except (programs.Died, programs.Skipped):
        return {}
    values = [each.strip() for each in text.strip().splitlines()[0].split(',')] if text.strip() else []
    return dict(zip(_FIELDS, values))


def facts(device, arguments):
    found = {
        'python': platform.python_version(),
        'system': platform.platform(),
        'cores': os.cpu_count(),
        'torch': torch.__version__,
        'cuda': torch.version.cuda,
        'nvcc': _nvcc(),
    }
    try:
        import triton

        found['triton'] = triton.__version__
    except ImportError:
        found['triton'] = None
    if device.is_dry:
        return {'status': 'done', 'facts': {**found, 'device': 'none: a dry run on the CPU'}}
    if not torch.cuda.is_available():
        raise programs.Skipped('PyTorch sees no CUDA device')
    properties = torch.cuda.get_device_properties(device.torch)
    capability = list(torch.cuda.get_device_capability(device.torch))
    found.update(
        {
            'device': properties.name,
            'capability': capability,
            'multiprocessors': properties.multi_processor_count,
            'memory_bytes': properties.total_memory,
            'cudnn': torch.backends.cudnn.version() if torch.backends.cudnn.is_available() else None,
            **_nvidia_smi(),
        }
    )
    per_clock, clock = _MULTIPLY_ADDS.get(tuple(capability)), found.get('clocks.max.sm')
    if per_clock and clock and clock.replace('.', '', 1).isdigit():
        # Multiprocessors * multiply-adds a clock * 2 * the highest clock.
        found['computed_tflops'] = found['multiprocessors'] * per_clock * 2 * float(clock) * 1e6 * 1e-12
    return {'status': 'done', 'facts': found}


def _nvcc():
    try:
        text, _ = programs.run([programs.find('nvcc'), '--version'], 20)
    except (programs.Died, programs.Skipped) as error:
        return f'none: {error}'
    return text.strip().splitlines()[-1]


def ceiling(device, arguments):
    """
    The rate of a copy of 1 GiB of random bytes, which reads and writes as much, in GB/s; or of a product of random bf16 matrices
    of 8192 x 8192 by PyTorch, in TFLOP/s. A dry run has small ones.
    """
    generator = torch.Generator(device=device.torch)
    generator.manual_seed(device.seed)
    if arguments['what'] == 'copy':
        count = 2**14 if device.is_dry else 2**27
        source = torch.randint(-(2**62), 2**62, [count], generator=generator, device=device.torch)
        target = torch.empty_like(source)
        seconds = _least_seconds(device, lambda: target.copy_(source))
        return _ceiling('copy_gbytes', 2 * 8 * count / seconds * 1e-9, 'GB/s')
    size = 64 if device.is_dry else 8192
    left, right = [torch.randn(size, size, generator=generator, device=device.torch).to(torch.bfloat16) for _ in range(2)]
    product = torch.empty_like(left)
    seconds = _least_seconds(device, lambda: torch.matmul(left, right, out=product))
    return _ceiling('product_tflops', 2 * size**3 / seconds * 1e-12, 'TFLOP/s')


def _ceiling(name, value, unit):
    return {'status': 'done', name: value, 'said': f'{value:.1f} {unit}'}


def _least_seconds(device, call):
    from .timing import Clock

    clock = Clock(device, is_cold=False)
    return min([clock.time(call) for _ in range(8)][2:]) * 1e-3

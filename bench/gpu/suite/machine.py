"""What the measurements were made on, and what that machine can do at most, as far as it can be found out."""
import os
import platform
import shutil
import subprocess

import torch

# Dense bf16 multiply-adds of tensor cores a clock and multiprocessor, by compute capability; published.
_MULTIPLY_ADDS = {(8, 0): 1024, (8, 6): 512, (8, 9): 512, (9, 0): 2048, (10, 0): 4096}


def _nvidia_smi(field):
    program = shutil.which('nvidia-smi')
    if program is None:
        return None
    command = [program, '--id=0', f'--query-gpu={field}', '--format=csv,noheader,nounits']
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors='replace').strip() if done.returncode == 0 else None


def facts(context):
    found = {
        'python': platform.python_version(),
        'system': platform.platform(),
        'cores': os.cpu_count(),
        'torch': torch.__version__,
        'cuda': torch.version.cuda,
    }
    try:
        import triton

        found['triton'] = triton.__version__
    except ImportError:
        found['triton'] = None
    if context.is_dry:
        return {**found, 'device': 'none: a dry run on the CPU'}
    properties = torch.cuda.get_device_properties(context.device)
    found.update(
        {
            'device': properties.name,
            'capability': list(context.capability),
            'multiprocessors': properties.multi_processor_count,
            'memory_bytes': properties.total_memory,
            'cudnn': torch.backends.cudnn.version() if torch.backends.cudnn.is_available() else None,
        }
    )
    for field in ['driver_version', 'clocks.max.sm', 'clocks.max.mem', 'clocks.sm', 'power.limit', 'temperature.gpu', 'mig.mode.current']:
        found[field] = _nvidia_smi(field)
    return found


def limits(context, found):
    """
    Peaks: of tensor cores by arithmetic, multiprocessors * multiply-adds a clock * 2 * the highest clock; and measured, a
    product of bf16 matrices of 8192 by PyTorch, and a copy of 1 GiB, which reads and writes as much.
    """
    if context.is_dry:
        return {}
    result = {}
    per_clock = _MULTIPLY_ADDS.get(context.capability)
    clock = found.get('clocks.max.sm')
    if per_clock and clock and clock.replace('.', '', 1).isdigit():
        result['computed_tflops'] = found['multiprocessors'] * per_clock * 2 * float(clock) * 1e6 * 1e-12
    size = 8192
    left, right = [torch.randn(size, size, device=context.device).to(torch.bfloat16) for _ in range(2)]
    product = torch.empty_like(left)
    result['matmul_tflops'] = 2 * size**3 / _least_seconds(lambda: torch.matmul(left, right, out=product)) * 1e-12
    del left, right, product
    source = torch.zeros(2**30, dtype=torch.uint8, device=context.device)
    target = torch.empty_like(source)
    result['copy_gbytes'] = 2 * source.numel() / _least_seconds(lambda: target.copy_(source)) * 1e-9
    return result


def _least_seconds(call):
    times = []
    for _ in range(8):
        before, after = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        before.record()
        call()
        after.record()
        torch.cuda.synchronize()
        times.append(before.elapsed_time(after) * 1e-3)
    return min(times[2:])

"""Microbenchmarks: rates of mma.sync and wgmma, alone and together. A program of its own prints a line of JSON for each."""
import json

from .build import Builder, architecture_flags, run


def measure(context):
    if context.is_dry:
        context.leave_out('microbenchmarks: a dry run has no device for them')
        return
    builder = Builder(context)
    is_hopper = context.capability == (9, 0)
    flags = architecture_flags('sm_90a' if is_hopper else 'sm_80', context.capability)
    program = builder.program('micro/micro.cu', flags + (['-DHAS_WGMMA'] if is_hopper else []))
    text = run([program], 120, context.root)
    lines = [json.loads(line) for line in text.splitlines() if line.startswith('{')]
    context.results['micro'] = lines
    for line in lines:
        context.say(f"{line['name']}, {line['detail']}: {line['tflops']:.1f} TFLOP/s")
    if not is_hopper:
        context.leave_out(f'wgmma: it is an instruction of sm_90a, and this device has {context.capability}')

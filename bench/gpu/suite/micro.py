"""Microbenchmarks: rates of mma.sync and wgmma, alone and together. A program of its own prints a line of JSON for each."""
import json
import time

from . import programs
from .build import architecture_of


def run(session, entry, forms, limit):
    if session.is_dry:
        raise programs.Skipped('a dry run has no device for them')
    until = time.monotonic() + limit
    is_hopper = session.libraries.capability == [9, 0]
    architecture = architecture_of('sm_90a' if is_hopper else 'sm_80', session.libraries.capability)
    prepared = [each for each in session.description.get('micro', []) if each['architecture'] == architecture]
    try:
        if not prepared:
            raise programs.Died('none came with the folder')
        text, _ = programs.run([session.path(prepared[0]['path'])], until - time.monotonic(), session.root)
    except (programs.Died, programs.Skipped) as error:
        session.say(f'microbenchmarks are built here: {error}')
        program = session.libraries.builder.micro('micro/micro.cu', architecture)
        text, _ = programs.run([program], until - time.monotonic(), session.root)
    rates = [json.loads(line) for line in text.splitlines() if line.startswith('{')]
    best = max(rates, key=lambda each: each['tflops'])
    without = [] if is_hopper else ['wgmma is an instruction of sm_90a alone']
    return {'status': 'done', 'said': f"{len(rates)} rates, at most {best['tflops']:.0f} TFLOP/s: {best['name']}", 'rates': rates, 'without': without}

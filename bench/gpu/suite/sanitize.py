"""compute-sanitizer on programs without PyTorch, at shapes that fit no tile."""
import re

from . import programs
from .hang import told

_FOUND = 9


def run(session, entry, forms, limit):
    """A dry run without the tool runs the program alone: the emulation looks for races and wrong accesses by itself."""
    tool, shape = entry.arguments['tool'], entry.arguments['shape']
    program = [forms[0]['path'], *map(str, shape)]
    without = []
    try:
        command = [programs.find('compute-sanitizer'), '--tool', tool, '--error-exitcode', str(_FOUND), *program]
    except programs.Skipped as reason:
        if not session.is_dry:
            raise
        command, without = program, [str(reason)]
    try:
        text, code = programs.run(command, limit, session.root, accepted=(0, _FOUND))
    except programs.Died as error:
        raise programs.Died(told(session.root, forms[0], str(error))) from None
    if code == _FOUND:
        # What was found stands before the summary.
        lines = [line.replace('=========', '').strip() for line in text.splitlines() if line.startswith('=========')] or text.splitlines()
        found = [line for line in lines if line and not re.match(r'(COMPUTE-SANITIZER|RACECHECK SUMMARY|ERROR SUMMARY)', line)]
        return {'status': 'wrong', 'reason': f'{tool}: ' + ' / '.join(found[:4]), 'text': text[-6000:]}
    return {'status': 'done', 'said': 'the program alone is clean' if without else 'clean', 'without': without}

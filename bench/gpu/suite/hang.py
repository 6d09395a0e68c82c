"""What a hang left behind, told by the names of barriers: from the record of a watchdog, or from what the emulation says."""
import os
import re

_EMULATED = re.compile(r'divergent await_barrier at (\d+) for parity (\d+).*?line (\d+), kernel (\w+), block (\d+), thread (\d+)')


def waited(root, module, record):
    """A wait in vain: the barrier by its name, the phase that it waits for, and the line of the kernel."""
    with open(os.path.join(root, module['source']), encoding='utf-8') as file:
        lines = file.read().splitlines()
    line = int(record['line'])
    entry = next((found[1] for text in reversed(lines[:line]) for found in [re.match(r'KERNEL\(\d+\) (\w+)\(', text)] if found), None)
    kernel = next((each for each in module['kernels'] if each['entryPoint'] == entry), {'name': entry, 'barriers': {}})
    name = kernel['barriers'].get(str(record['barrier']), f"at {record['barrier']}")
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ''
    return (
        f"a wait in vain at the barrier \"{name}\" for the phase of parity {record['parity']}, in kernel {kernel['name']}, "
        f"block {record['block']}, thread {record['thread']}, line {line} of {module['source']}: {text}"
    )


def told(root, form, text):
    """The same for what the emulation said as it ended a program; other texts as they are."""
    found = _EMULATED.search(text)
    if found is None:
        return text
    record = dict(zip(('barrier', 'parity', 'line', 'kernel', 'block', 'thread'), found.groups()))
    # Kernels of a form have names of their own, whatever file they are in.
    own = [each for each in form['modules'] if any(record['kernel'] in (kernel['name'], kernel['entryPoint']) for kernel in each['kernels'])]
    return waited(root, (own or form['modules'])[0], record)

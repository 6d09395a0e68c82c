"""Nsight Compute on programs without PyTorch: what keeps the longest kernel busy, and what it waits for, as JSON."""
import csv
import re
import time

from . import programs
from .hang import told

# Sections are the same in all releases; the names of metrics are not.
_SECTIONS = ('SpeedOfLight', 'LaunchStats', 'Occupancy', 'SchedulerStats', 'WarpStateStats', 'ComputeWorkloadAnalysis', 'MemoryWorkloadAnalysis')
_METRICS = {
    'duration_ns': ('gpu__time_duration.sum', 'gpu__time_duration.avg'),
    'tensor_pipe_percent': (
        'sm__inst_executed_pipe_tensor_op_gmma.avg.pct_of_peak_sustained_active',
        'sm__pipe_tensor_op_gmma_cycles_active.avg.pct_of_peak_sustained_active',
        'sm__pipe_tensor_cycles_active.avg.pct_of_peak_sustained_active',
        'sm__pipe_tensor_op_hmma_cycles_active.avg.pct_of_peak_sustained_active',
        'sm__inst_executed_pipe_tensor.avg.pct_of_peak_sustained_active',
    ),
    'issue_slots_percent': ('sm__inst_issued.avg.pct_of_peak_sustained_active', 'smsp__issue_active.avg.pct_of_peak_sustained_active'),
    'shared_memory_percent': (
        'l1tex__data_pipe_lsu_wavefronts_mem_shared.avg.pct_of_peak_sustained_elapsed',
        'l1tex__data_pipe_lsu_wavefronts_mem_shared.sum.pct_of_peak_sustained_elapsed',
        'l1tex__throughput.avg.pct_of_peak_sustained_active',
    ),
    'l2_percent': ('lts__throughput.avg.pct_of_peak_sustained_elapsed', 'lts__t_sectors.avg.pct_of_peak_sustained_elapsed'),
    'memory_percent': ('dram__throughput.avg.pct_of_peak_sustained_elapsed', 'gpu__dram_throughput.avg.pct_of_peak_sustained_elapsed'),
    'registers': ('launch__registers_per_thread',),
    'occupancy_percent': ('sm__warps_active.avg.pct_of_peak_sustained_active',),
    'waves': ('launch__waves_per_multiprocessor',),
    'clock_hz': ('sm__cycles_elapsed.avg.per_second', 'gpc__cycles_elapsed.avg.per_second'),
}
_ASKED = sorted({name for names in _METRICS.values() for name in names if not name.startswith('launch__')})
_STALL = re.compile(r'smsp__average_warps?_(?:latency_)?issue_stalled_(\w+?)_per_issue_active\.ratio|smsp__average_warp_latency_issue_stalled_(\w+?)\.ratio')
_SCALES = {'nsecond': 1.0, 'ns': 1.0, 'usecond': 1e3, 'us': 1e3, 'msecond': 1e6, 'ms': 1e6, 'second': 1e9, 's': 1e9, 'hz': 1.0, 'cycle/second': 1.0, 'cycle/nsecond': 1e9, 'ghz': 1e9, 'mhz': 1e6}


def run(session, entry, forms, limit):
    """A dry run without the tool runs the program alone."""
    program = [forms[0]['path'], *map(str, entry.arguments['shape'])]
    try:
        tool = programs.find('ncu')
    except programs.Skipped as reason:
        if not session.is_dry:
            raise
        _said(session, program, forms[0], limit)
        return {'status': 'done', 'said': f'the program alone, without a profile: {reason}', 'without': [str(reason)]}
    sections = [word for section in _SECTIONS for word in ('--section', section)]
    command = [tool, '--clock-control', 'none', '--csv', '--page', 'raw', '--launch-count', '12', *sections]
    until = time.monotonic() + limit
    try:
        text = _said(session, [*command, '--metrics', ','.join(_ASKED), *program], forms[0], limit)
    except programs.Died:
        if until - time.monotonic() < limit / 3:
            raise
        # A release that does not know a metric by its name may end with an error: sections are known to all.
        text = _said(session, [*command, *program], forms[0], until - time.monotonic())
    if 'ERR_NVGPUCTRPERM' in text:
        raise programs.Skipped('Nsight Compute may not read the counters of this device (ERR_NVGPUCTRPERM): it needs an administrator')
    kernels = parsed(text)
    if not kernels:
        raise programs.Died(f'Nsight Compute shows no kernel: {text.strip()[-600:]}')
    longest = max(kernels, key=lambda each: each['duration_ns'] or 0.0)
    shown = ', '.join(f'{name} {longest[name]:.1f}' for name in ('tensor_pipe_percent', 'issue_slots_percent', 'shared_memory_percent') if longest[name] is not None)
    return {'status': 'done', 'said': f"{longest['kernel']}: {shown}", 'longest': longest, 'kernels': kernels}


def _said(session, command, form, limit):
    """What a program says; a hang by the name of the barrier."""
    try:
        # Nsight Compute ends with an error where it may not read counters, and says so.
        text, code = programs.run(command, limit, session.root, accepted=(0, 1, 255))
    except programs.Died as error:
        raise programs.Died(told(session.root, form, str(error))) from None
    if code != 0 and 'ERR_NVGPUCTRPERM' not in text:
        raise programs.Died(f'it ended with {code}: {text.strip()[-1000:]}')
    return text


def parsed(text):
    """Kernels of the raw page, each with the numbers that matter and all others under their own names."""
    lines = text.splitlines()
    begin = next((n for n, line in enumerate(lines) if line.startswith('"ID"')), None)
    if begin is None:
        return []
    rows = list(csv.reader(lines[begin:]))
    names, units = rows[0], rows[1]
    return [_kernel(names, units, row) for row in rows[2:] if len(row) == len(names)]


def _kernel(names, units, row):
    numbers = {}
    for name, unit, value in zip(names, units, row):
        try:
            numbers[name] = float(value.replace(',', '')) * _SCALES.get(unit.lower(), 1.0)
        except ValueError:
            continue
    found = {'kernel': row[names.index('Kernel Name')]}
    for name, candidates in _METRICS.items():
        found[name] = next((numbers[each] for each in candidates if each in numbers), None)
    stalls = {}
    for name, value in numbers.items():
        match = _STALL.fullmatch(name)
        if match is not None and '_not_issued' not in name:
            stalls[match[1] or match[2]] = value
    # Warps that wait for each reason, of those that are there when one issues; the worst first.
    found['stalls'] = dict(sorted(stalls.items(), key=lambda each: -each[1]))
    found['metrics'] = numbers
    return found

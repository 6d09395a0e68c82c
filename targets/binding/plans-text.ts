// The Python module of calls that are known: whoever calls again with tensors that lie as those of a call before pays for pointers,
// outputs and the launch, not for checks. The same for every spec.

export const plansText = `"""Calls that are known: of one whose tensors lie as those of a call before, only pointers are new."""
import ctypes
import struct

import torch

from . import description, library

# How many signatures are remembered; a process that has more of them begins anew.
_MOST = 1024

# By signature: the number of rows of calls that were found to be right, and plans by what they are for.
_rows = library.remembered()
_plans = {role: library.remembered() for role in description.LAUNCHERS}


def signature_of(tensors, rows):
    """All that checks and launchers ask of a call but its pointers; None where tensors have no such thing, as while they are traced."""
    try:
        # What begins at so many elements into a storage begins at a multiple of 16 bytes, or does not.
        return rows, *[(each.shape, each.stride(), each.dtype, each.device, each.storage_offset() % 16) for each in tensors]
    except (AttributeError, TypeError, RuntimeError):
        return None


def known_rows(tensors, rows):
    """The rows of a call that was checked before, None of another; and its signature."""
    signature = signature_of(tensors, rows)
    try:
        return _rows.get(signature), signature
    except TypeError:  # sizes that are symbols
        return None, None


def remember_rows(signature, rows):
    _remember(_rows, signature, rows)


def plan_of(role, signature):
    return _plans[role].get(signature)


def _remember(known, signature, value):
    if signature is not None:
        if len(known) >= _MOST:
            known.clear()
        known[signature] = value


def remember_plan(role, signature, given, results, sizes):
    """Keeps how a call was launched, where the launcher takes its tensors as they lie."""
    launcher = library.kernel_for(given[0].device).launchers[role]
    if launcher.takes(given):
        _remember(_plans[role], signature, Plan(launcher, given, results, sizes))


class Plan:
    """A launch but for its pointers. Nothing of it changes: threads may share it."""

    def __init__(self, launcher, given, results, sizes):
        self._launcher, self._sizes = launcher, sizes
        self._device = results[0].device
        self._index = self._device.index if self._device.type == 'cuda' else None
        self._results = [(tuple(result.shape), result.dtype) for result in results]
        self._inputs, self._outputs, self._values, self._kept = launcher.laid_out(given, results)
        self._pack = struct.Struct(f'{len(self._values)}P').pack
        counts, self._workspace = launcher.prepared(sizes, self._device)
        self._kept.append(counts)
        self._counts = ctypes.addressof(counts)

    def run(self, given):
        """The results of a launch on the current stream; None where a tensor begins where the launcher does not take it."""
        if self._index is not None and torch.cuda.current_device() != self._index:
            with torch.cuda.device(self._device):
                return self._run(given)
        return self._run(given)

    def _run(self, given):
        values = self._values[:]
        misplaced = 0
        for place, n, mask in self._inputs:
            values[place] = pointer = given[n].data_ptr()
            misplaced |= pointer & mask
        if misplaced:
            return None
        device = self._device
        results = [torch.empty(shape, dtype=dtype, device=device) for shape, dtype in self._results]
        for place, n in self._outputs:
            values[place] = results[n].data_ptr()
        needed = self._workspace
        # A workspace must live until the kernels are in the stream's queue.
        workspace, begin = library.workspace_of(needed, device) if needed else (None, None)
        error = self._launcher.start(self._pack(*values), self._counts, begin, needed, library.stream_of(self._index))
        if error != 0:
            self._launcher.fail(error, self._sizes, device)
        return results
`;

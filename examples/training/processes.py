"""The processes of a run: one, or many that torchrun started. Gradients are added in one order, however many there are.

A batch is cut into shards. Each process computes whole ones, and all add them up from the first to the last: the same bits as one.
"""
import math
import os
from datetime import timedelta

import torch
import torch.distributed as distributed

from settings import Refused


class Processes:
    def __init__(self, shards, device):
        self.count = int(os.environ.get('WORLD_SIZE', '1'))
        self.rank = int(os.environ.get('RANK', '0'))
        self._device = device
        if shards % self.count != 0:
            raise Refused(
                f'shards={shards} cannot be divided among {self.count} processes: set shards={self.count}, or a multiple of it'
            )
        if self.count > 1:
            backend = 'nccl' if device.type == 'cuda' else 'gloo'
            distributed.init_process_group(backend, timeout=timedelta(minutes=30))
        own = shards // self.count
        self.shards = range(self.rank * own, (self.rank + 1) * own)

    @property
    def is_first(self):
        return self.rank == 0

    def gathered(self, tensor):
        """The tensors of all processes, in their order."""
        if self.count == 1:
            return [tensor]
        found = [torch.empty_like(tensor) for _ in range(self.count)]
        distributed.all_gather(found, tensor.contiguous())
        return found

    def total(self, parts):
        """The sum of each process's parts [shards, n], added from the first shard to the last."""
        total = None
        for some in self.gathered(parts):
            for part in some:
                total = part.clone() if total is None else total.add_(part)
        return total

    def agree(self, value):
        """Raises RuntimeError where processes do not hold the same number."""
        found = [float(each) for each in self.gathered(torch.tensor([value], dtype=torch.float64, device=self._device))]
        # Weights that are no numbers any more are the same in all processes.
        if any(each != found[0] for each in found) and not all(math.isnan(each) for each in found):
            raise RuntimeError(f'processes have come apart: their weights sum up to {found}')

    def wait(self):
        if self.count > 1:
            distributed.barrier()

    def close(self):
        if self.count > 1:
            distributed.destroy_process_group()

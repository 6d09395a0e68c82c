// The Python module of attention over several devices: what each rank has of a sequence, how ranks exchange rows of the history, keys
// and gradients by torch.distributed, and the call, which is the operator's on each of two spans. The same for every spec.

export const contextText = `"""Attention over several devices: each rank of a process group has two spans of the positions, one from each end.

    q, k, v = (context.shard(tensor, 2) for tensor in (q, k, v))  # or make them at context.positions(length)
    out = context.parallel(q, k, v)

Rows of queries stay where they are, with the rows of the history from the ranks before; keys, values and tables by position are
gathered; gradients go back and are summed in float32, in the order of ranks. Under a causal mask all ranks have as much to do.
"""
import functools
from typing import NamedTuple

import torch
from torch import distributed

from . import description, eager, gradients, library, operator

_HISTORY = description.HISTORY
_16_BITS = (torch.float16, torch.bfloat16)
# What is sent between ranks is none of a compiler's.
_not_compiled = getattr(getattr(torch, 'compiler', None), 'disable', lambda function: function)


# ── Who has which positions ─────────────────────────────────────────────────────────────────────────


class _Layout(NamedTuple):
    """A sequence in 2 * world chunks: rank r has the chunks r and 2 * world - 1 - r."""

    length: int
    world: int
    rank: int
    group: object

    def span(self, chunk):
        return chunk * self.length // (2 * self.world), (chunk + 1) * self.length // (2 * self.world)

    def chunks(self, rank=None):
        rank = self.rank if rank is None else rank
        return rank, 2 * self.world - 1 - rank

    def rows(self, chunk):
        start, stop = self.span(chunk)
        return stop - start

    def owner(self, chunk):
        """The rank that has a chunk, which of its two that is, and where in its shard it begins."""
        if chunk < self.world:
            return chunk, 0, 0
        rank = 2 * self.world - 1 - chunk
        return rank, 1, self.rows(rank)

    @property
    def local(self):
        return sum(map(self.rows, self.chunks()))

    @property
    def most(self):
        """The rows of the largest shard: ranks send as many as that."""
        return max(sum(map(self.rows, self.chunks(rank))) for rank in range(self.world))

    def halo(self, chunk):
        """The rows of the history above a chunk: which chunks they end, and how many of each; the first rows first."""
        missing, pieces = min(_HISTORY, self.span(chunk)[0]), []
        while missing > 0:
            chunk -= 1
            taken = min(missing, self.rows(chunk))
            pieces.insert(0, (chunk, taken))
            missing -= taken
        return pieces

    # What follows has the axis of positions first.

    def gathered(self, sent):
        """What each rank sent, in the order of ranks."""
        received = torch.empty((self.world, *sent.shape), dtype=sent.dtype, device=sent.device)
        if sent.numel() > 0:
            # Bytes: process groups do not know every dtype.
            rows = received.view(self.world, -1).view(torch.uint8)
            distributed.all_gather(list(rows.unbind(0)), sent.reshape(-1).view(torch.uint8), group=self.group)
        return received

    def summed(self, sent):
        """The sum of what all ranks sent to this one, in the order of ranks: the same bits in every run."""
        received = torch.empty_like(sent)
        if sent.numel() > 0:
            distributed.all_to_all_single(received, sent, group=self.group)
        return functools.reduce(torch.add, received.unbind(0))

    def whole(self, shard):
        """All positions of what ranks have shards of."""
        sent = shard.new_zeros((self.most, *shard.shape[1:]))
        sent[:shard.shape[0]] = shard
        received = self.gathered(sent)
        parts = []
        for chunk in range(2 * self.world):
            rank, _, at = self.owner(chunk)
            parts.append(received[rank, at:at + self.rows(chunk)])
        return torch.cat(parts)

    def whole_backward(self, gradient):
        sent = gradient.new_zeros((self.world, self.most, *gradient.shape[1:]))
        for chunk in range(2 * self.world):
            rank, _, at = self.owner(chunk)
            sent[rank, at:at + self.rows(chunk)] = gradient[slice(*self.span(chunk))]
        return self.summed(sent)[:self.local]

    def with_halos(self, shard):
        """The two spans of this rank, each with the rows of the history above it."""
        own = shard.split([self.rows(chunk) for chunk in self.chunks()])
        if _HISTORY == 0:
            return list(own)
        tails = shard.new_zeros((2, _HISTORY, *shard.shape[1:]))
        for tail, span in zip(tails, own):
            taken = min(_HISTORY, span.shape[0])
            tail[_HISTORY - taken:] = span[span.shape[0] - taken:]
        received = self.gathered(tails)
        found = []
        for chunk, span in zip(self.chunks(), own):
            pieces = [received[self.owner(above)[:2]][_HISTORY - taken:] for above, taken in self.halo(chunk)]
            found.append(torch.cat([*pieces, span]))
        return found

    def with_halos_backward(self, gradients):
        chunks = self.chunks()
        own = [gradient[gradient.shape[0] - self.rows(chunk):].clone() for chunk, gradient in zip(chunks, gradients)]
        if _HISTORY > 0:
            sent = own[0].new_zeros((self.world, 2, _HISTORY, *own[0].shape[1:]))
            for chunk, gradient in zip(chunks, gradients):
                at = 0
                for above, taken in self.halo(chunk):
                    rank, which, _ = self.owner(above)
                    sent[rank, which, _HISTORY - taken:] += gradient[at:at + taken]
                    at += taken
            for tail, span in zip(self.summed(sent), own):
                taken = min(_HISTORY, span.shape[0])
                span[span.shape[0] - taken:] += tail[_HISTORY - taken:]
        return torch.cat(own)


def _layout(length, group):
    layout = _Layout(length, distributed.get_world_size(group), distributed.get_rank(group), group)
    if layout.rank < 0:
        raise ValueError(f'{description.NAME}: this process is not of the group')
    if length < 2 * layout.world:
        raise ValueError(f'{description.NAME}: {layout.world} ranks take two spans each, and there are {length} positions')
    return layout


def positions(length, group=None):
    """The positions that this rank has of a sequence, in the order of its shards."""
    layout = _layout(length, group)
    return torch.cat([torch.arange(*layout.span(chunk)) for chunk in layout.chunks()])


def shard(tensor, axis, group=None):
    """What this rank has of a whole tensor, whose axis of positions is named."""
    layout = _layout(tensor.shape[axis], group)
    return torch.cat([tensor.narrow(axis, layout.span(chunk)[0], layout.rows(chunk)) for chunk in layout.chunks()], axis)


def gather(tensor, axis, length=None, group=None):
    """The whole tensor, on every rank, of the shards that ranks have of it. Gradients do not pass."""
    layout = _layout_of(tensor.shape[axis], length, group)
    return layout.whole(tensor.detach().movedim(axis, 0)).movedim(0, axis)


def _layout_of(local, length, group):
    world = distributed.get_world_size(group)
    layout = _layout(local * world if length is None else length, group)
    if layout.local != local:
        raise ValueError(
            f'{description.NAME}: rank {layout.rank} of {world} has {layout.local} of {layout.length} positions, but was given '
            f'{local}; pass length where it is no multiple of {2 * world}'
        )
    return layout


# ── Exchanges, with their gradients ─────────────────────────────────────────────────────────────────

_QUERY, _KEY = 'Tq', 'Tk'


def _axis_of(shape):
    """The axis that an input is sharded along: queries before keys; None where every rank has all of it."""
    return next((shape.index(letter) for letter in (_QUERY, _KEY) if letter in shape), None)


def _placed(tensor, alignment):
    return tensor.contiguous() if library.problem_of(tensor, alignment) else tensor


class _Assembled(torch.autograd.Function):
    """The inputs of the calls for both spans: what stands up to the end of each."""

    @staticmethod
    def forward(ctx, layout, sums_parameters, *tensors):
        ctx.layout, ctx.sums_parameters = layout, sums_parameters
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(*tensors)
        ends = [layout.span(chunk)[1] for chunk in layout.chunks()]
        found = []
        for tensor, (_, _, shape, _, alignment, _) in zip(tensors, description.INPUTS):
            axis = _axis_of(shape)
            if axis is None:
                pair = [tensor.view_as(tensor), tensor.view_as(tensor)]
            elif shape[axis] == _QUERY:
                pair = [rows.movedim(0, axis) for rows in layout.with_halos(tensor.movedim(axis, 0))]
            else:
                whole = layout.whole(tensor.movedim(axis, 0)).movedim(0, axis)
                pair = [whole.narrow(axis, 0, end) for end in ends]
            for at in range(0 if axis is None else axis + 1, len(shape)):
                if shape[at] == _KEY:
                    pair = [part.narrow(at, 0, end) for part, end in zip(pair, ends)]
            found.append(pair if axis is None else [_placed(part, alignment) for part in pair])
        outputs = [part for parts in zip(*found) for part in parts]
        ctx.mark_non_differentiable(*(part for part in outputs if not part.is_floating_point()))
        return tuple(outputs)

    @staticmethod
    def backward(ctx, *given):
        tensors, found = ctx.saved_tensors, []
        with torch.no_grad():
            # All ranks come by here in the same order: what one of them sends, the others wait for.
            for n, tensor in enumerate(tensors):
                pair = (given[n], given[len(tensors) + n])
                found.append(_gradient_of(ctx, n, tensor, pair) if ctx.needs_input_grad[2 + n] else None)
        return (None, None, *gradients.differentiable_once(found, tensors))


def _gradient_of(ctx, n, tensor, pair):
    layout, shape = ctx.layout, description.INPUTS[n][2]
    sizes, dtype, device = tensor.shape, tensor.dtype, tensor.device
    sums_in = torch.float32 if dtype in _16_BITS else dtype
    axis = _axis_of(shape)
    if axis is None:
        total = torch.zeros(sizes, dtype=sums_in, device=device)
        for gradient in pair:
            if gradient is not None:
                total += gradient
        if ctx.sums_parameters:
            distributed.all_reduce(total, group=layout.group)
        return total.to(dtype)
    parts = []
    for chunk, gradient in zip(layout.chunks(), pair):
        start, stop = layout.span(chunk)
        sizes = list(sizes)
        sizes[axis] = layout.length if shape[axis] == _KEY else stop - start + min(start, _HISTORY)
        part = torch.zeros(sizes, dtype=sums_in, device=device)
        if gradient is not None:
            inner = part
            for at in range(axis, len(shape)):
                if shape[at] == _KEY:
                    inner = inner.narrow(at, 0, stop)
            inner.copy_(gradient)
        parts.append(part.movedim(axis, 0))
    back = layout.with_halos_backward(parts) if shape[axis] == _QUERY else layout.whole_backward(parts[0] + parts[1])
    return back.movedim(0, axis).to(dtype)


# ── The call ────────────────────────────────────────────────────────────────────────────────────────


def reason_against():
    """Why the spec is not computed over several devices; None where it is."""
    later = description.LATER
    return later and f'a sequence cannot be cut behind the rows of a rank: {later}'


@_not_compiled
def parallel(*tensors, module=None, length=None, group=None, sums_parameters=True, **named):
    """The rows of output of this rank's queries. Every rank of the group calls it, and runs backward where one does.

    Tensors are those of the function of the spec: shards along queries, keys or positions, whole where they have no such axis; what
    has queries and keys is a shard along queries. module: where parameters come from. length: of the sequence, where it is no
    multiple of twice the ranks. sums_parameters: whether gradients of what every rank has are summed over ranks here.
    Raises TypeError and ValueError.
    """
    against = reason_against()
    if against is not None:
        raise ValueError(f'{description.NAME}: {against}')
    given = _ordered(tensors, module, named)
    layout = _checked(given, length, group)
    assembled = _Assembled.apply(layout, sums_parameters, *given)
    spans = [
        operator.call(assembled[n * len(given):(n + 1) * len(given)], layout.rows(chunk))
        for n, chunk in enumerate(layout.chunks())
    ]
    outputs = [torch.cat(pair, shape.index('R')) for pair, (_, _, shape, _, _) in zip(zip(*spans), description.OUTPUTS)]
    return outputs[0] if description.RESULT is None else getattr(eager, description.RESULT)(*outputs)


def _ordered(tensors, module, named):
    """The tensors in the order of the operator's inputs."""
    if len(tensors) > description.POSITIONAL:
        raise TypeError(f'{description.NAME}: takes {description.POSITIONAL} tensors by position, and was given {len(tensors)}')
    names = [name for name, *_ in description.INPUTS]
    known = {} if module is None else dict(module.named_parameters())
    known.update(zip(names, tensors))
    known.update(named)
    for name in (*(name for name in names if name not in known), *(name for name in named if name not in names)):
        raise TypeError(f'{description.NAME}: {name} is ' + ('missing' if name in names else 'no input of the spec'))
    return [known[name] for name in names]


def _checked(given, length, group):
    """Who has what. What is wrong with shapes is said before anything is sent: other ranks would wait."""
    layout = None
    for tensor, (name, _, shape, _, _, _) in zip(given, description.INPUTS):
        if not isinstance(tensor, torch.Tensor):
            raise TypeError(f'{description.NAME}: {name} must be a tensor, not {type(tensor).__name__}')
        axis = _axis_of(shape)
        wanted = ', '.join(str(size) for size in shape)
        if tensor.dim() != len(shape):
            raise ValueError(f'{description.NAME}: {name} must have the shape [{wanted}], not {list(tensor.shape)}')
        if axis is not None:
            layout = layout or _layout_of(tensor.shape[axis], length, group)
        for at, size in enumerate(shape):
            is_whole = at != axis and size == _KEY
            known = layout.local if at == axis else layout.length if is_whole else size
            if not isinstance(known, str) and tensor.shape[at] != known:
                where = f', where {size} is {known}' + (' on all ranks together' if is_whole else ' on this rank')
                raise ValueError(
                    f'{description.NAME}: {name} must have the shape [{wanted}]{where if isinstance(size, str) else ""}, '
                    f'not {list(tensor.shape)}'
                )
    if layout is None:
        raise ValueError(f'{description.NAME}: no input has positions to share')
    return layout
`;

"""mta, compiled by heddle 0.1.0 for PyTorch. Generated: edit the spec, not this file.

settings: heads=2 kvHeads=0 headDim=32 preQueryKernel=0 preKeyKernel=11 preMix=2 postQueryKernel=0 postKeyKernel=11 postMix=0 padKey="both" start="identity" norm="none" depthScale=false layer=0 gate="none"
formula: gate(norm(mix(fill(conv(softmax(fill(mix(conv(fill(S, j ≤ i, 0))), j ≤ i, −∞))), j ≤ i, 0)) · v))
paper: arXiv:2504.00927v2
content: 994fe14f20db4e64
"""
from math import inf
from typing import NamedTuple, Optional

import torch
from torch import Tensor


class MtaOutput(NamedTuple):
    out: Tensor  # [B, 2, R, 32]
    lse: Tensor  # [B, 2, R]


def mta(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    *,
    mix_pre: Tensor,
    rows: Optional[int] = None,
) -> MtaOutput:
    """gate(norm(mix(fill(conv(softmax(fill(mix(conv(fill(S, j ≤ i, 0))), j ≤ i, −∞))), j ≤ i, 0)) · v))

    Shapes, for a batch of B, Tq rows of queries at the positions Tk - Tq ... Tk - 1, and R rows of output:

        q        [B, 2, Tq, 32]  queries
        k        [B, 2, Tk, 32]  keys
        v        [B, 2, Tk, 32]  values
        mix_pre  [1, 2, 2]       parameter

    Returns out [B, 2, R, 32], lse [B, 2, R].
    rows is R: the last rows to give; by default all of them where Tq is at least Tk, else Tq - 0.
    Floats are of one dtype, parameters of any; 16 bits are computed with in float32. Raises TypeError and ValueError.
    """
    B, Tq, Tk = _sizes(q=q, k=k, v=v, mix_pre=mix_pre)
    R = _rows(rows, Tq, Tk)
    device = q.device
    given = q.dtype
    dtype = torch.float32 if given in (torch.float16, torch.bfloat16) else given
    q, k, v, mix_pre = q.to(dtype), k.to(dtype), v.to(dtype), mix_pre.to(dtype)
    j = torch.arange(Tk, device=device)
    i = torch.arange(Tk - Tq, Tk, device=device)

    scores = q @ k.transpose(-1, -2)
    s = scores / 5.656854249492381
    s2 = torch.einsum('hn,bnij->bhij', mix_pre[0], s)
    visible = j <= i[:, None]
    logits = torch.where(visible, s2, -inf)
    largest = logits.amax(-1)
    m = largest.detach()
    exponentials = _exp_difference(logits, m[..., None])
    sums = exponentials.sum(-1)
    scale = torch.where(sums == 0.0, 0.0, _divide(1.0, sums))
    a = exponentials * scale[..., None]
    o = a @ v
    lse = m + _log(torch.where(sums == 0.0, 1.0, sums))

    return MtaOutput(out=o[:, :, Tq - R:].to(given), lse=lse[:, :, Tq - R:].to(given))


class Mta(torch.nn.Module):
    """mta with its parameters:

        mix_pre [1, 2, 2]
    """

    def __init__(self, *, dtype=None, device=None):
        super().__init__()
        self.mix_pre = torch.nn.Parameter(torch.empty(1, 2, 2, dtype=dtype, device=device))
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Gives every parameter its start value."""
        dtype = self.mix_pre.dtype
        device = self.mix_pre.device
        x = torch.arange(2, device=device)
        self.mix_pre.copy_(torch.where(x[:, None] == x, 1, 0).to(dtype).expand(1, 2, 2))

    def forward(self, q: Tensor, k: Tensor, v: Tensor, *, rows: Optional[int] = None) -> MtaOutput:
        return mta(q, k, v, mix_pre=self.mix_pre, rows=rows)


def _exp_difference(x, m):
    """exp(x - m), and 0 where x is -inf whatever m is: a hidden key has no weight, even in a row that sees no key."""
    return torch.exp(torch.where(x == -inf, x, x - m))


def _absorb(x, y):
    """x * y, and exactly 0 where x is 0 whatever y is."""
    return torch.where(x == 0, torch.zeros((), dtype=x.dtype, device=x.device), x * y)


class _Log(torch.autograd.Function):
    """The natural logarithm. A zero cotangent contributes exactly 0, even where the derivative is infinite."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.log(x)

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return _absorb(gradient, 1 / x)


_log = _Log.apply


def _tensors(x, y):
    """x and y in one shape; one of them may be a number."""
    x = x if torch.is_tensor(x) else torch.full_like(y, x)
    y = y if torch.is_tensor(y) else torch.full_like(x, y)
    return torch.broadcast_tensors(x, y)


class _Divide(torch.autograd.Function):
    """x / y. A zero cotangent contributes exactly 0, even where a derivative is infinite."""

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x / y

    @staticmethod
    def backward(ctx, gradient):
        x, y = ctx.saved_tensors
        return _absorb(gradient, 1 / y), _absorb(gradient, -x / y / y)


def _divide(x, y):
    return _Divide.apply(*_tensors(x, y))


_SHAPES = {
    'q': ('B', 2, 'Tq', 32),
    'k': ('B', 2, 'Tk', 32),
    'v': ('B', 2, 'Tk', 32),
    'mix_pre': (1, 2, 2),
}
_INTEGERS = frozenset()
_PARAMETERS = frozenset(['mix_pre'])


def _sizes(**tensors):
    """B, Tq and Tk of a call. Raises TypeError and ValueError where a tensor does not fit."""
    sizes, floats, first = {}, None, None
    for name, tensor in tensors.items():
        shape = _SHAPES[name]
        if not isinstance(tensor, Tensor):
            raise TypeError(f'{name} must be a tensor, not {type(tensor).__name__}')
        if tensor.is_complex() or tensor.is_floating_point() == (name in _INTEGERS):
            raise TypeError(f'{name} must hold {"integers" if name in _INTEGERS else "floats"}, not {tensor.dtype}')
        first = first or name
        if tensor.device != tensors[first].device:
            raise ValueError(f'{name} is on {tensor.device}, but {first} is on {tensors[first].device}')
        if name not in _INTEGERS and name not in _PARAMETERS:
            floats = floats or name
            if tensor.dtype != tensors[floats].dtype:
                raise TypeError(f'{name} is of {tensor.dtype}, but {floats} is of {tensors[floats].dtype}')
        wanted = ', '.join(str(size) for size in shape)
        if tensor.dim() != len(shape):
            raise ValueError(f'{name} must have the shape [{wanted}], not {list(tensor.shape)}')
        for letter, size in zip(shape, tensor.shape):
            known = sizes.setdefault(letter, size) if isinstance(letter, str) else letter
            if size != known or size == 0:
                said = f', where {letter} is {known}' if isinstance(letter, str) and size > 0 else ''
                raise ValueError(f'{name} must have the shape [{wanted}]{said}, not {list(tensor.shape)}')
    Tq, Tk = sizes['Tq'], sizes['Tk']
    return sizes.get('B', 1), Tq, Tk


def _rows(rows, Tq, Tk):
    """R, the number of last rows to give. Raises ValueError where q lacks rows that they depend on."""
    if rows is not None and not 1 <= rows <= Tq:
        raise ValueError(f'rows is {rows}, but must be from 1 to the {Tq} rows of queries')
    if rows is None:
        rows = Tq if Tq >= Tk else Tq
    return rows

"""t5, compiled by heddle golden for PyTorch. Generated: edit the spec, not this file.

settings: heads=4 headDim=16 buckets=32 farthest=128 bidirectional=true
formula: softmax(q·kᵀ + bias[bucket(i − j), h]) · v
paper: arXiv:1910.10683
content: 5439e3823e854d29
"""
from math import inf
from typing import NamedTuple, Optional

import torch
from torch import Tensor


class T5Output(NamedTuple):
    out: Tensor  # [B, 4, R, 16]
    lse: Tensor  # [B, 4, R]


def t5(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    *,
    bias: Tensor,
    rows: Optional[int] = None,
) -> T5Output:
    """softmax(q·kᵀ + bias[bucket(i − j), h]) · v

    Shapes, for a batch of B, Tq rows of queries at the positions Tk - Tq ... Tk - 1, and R rows of output:

        q     [B, 4, Tq, 16]  queries
        k     [B, 4, Tk, 16]  keys
        v     [B, 4, Tk, 16]  values
        bias  [32, 4]         parameter

    Returns out [B, 4, R, 16], lse [B, 4, R].
    rows is R: the last rows to give; by default all of them where Tq is at least Tk, else Tq - 0.
    Floats are of one dtype, parameters of any; 16 bits are computed with in float32. Raises TypeError and ValueError.
    """
    B, Tq, Tk = _sizes(q=q, k=k, v=v, bias=bias)
    R = _rows(rows, Tq, Tk)
    device = q.device
    given = q.dtype
    dtype = torch.float32 if given in (torch.float16, torch.bfloat16) else given
    q, k, v, bias = q.to(dtype), k.to(dtype), v.to(dtype), bias.to(dtype)
    i = torch.arange(Tk - Tq, Tk, device=device)
    j = torch.arange(Tk, device=device)
    h = torch.arange(4, device=device)

    scores = q @ k.transpose(-1, -2)
    part = i[:, None] - j
    part2 = part.abs()
    part3 = torch.where(part < 0, 16, 0)
    part4 = 8.0 + torch.floor(torch.log(part2.to(torch.float64) / 8.0) / 2.772588722239781 * 8.0)
    part5 = part3.to(torch.float64) + part4.clamp(max=15.0)
    part6 = _read(bias, torch.where(part2 < 8, (part3 + part2).to(torch.float64), part5).long(), h[:, None, None])
    biased = scores + part6
    largest = biased.amax(-1)
    m = largest.detach()
    exponentials = _exp_difference(biased, m[..., None])
    sums = exponentials.sum(-1)
    scale = torch.where(sums == 0.0, 0.0, _divide(1.0, sums))
    weights = exponentials * scale[..., None]
    output = weights @ v
    lse = m + _log(torch.where(sums == 0.0, 1.0, sums))

    return T5Output(out=output[:, :, Tq - R:].to(given), lse=lse[:, :, Tq - R:].to(given))


class T5(torch.nn.Module):
    """t5 with its parameters:

        bias [32, 4]
    """

    def __init__(self, *, dtype=None, device=None):
        super().__init__()
        self.bias = torch.nn.Parameter(torch.empty(32, 4, dtype=dtype, device=device))
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Gives every parameter its start value."""
        torch.nn.init.normal_(self.bias, std=0.02)

    def forward(self, q: Tensor, k: Tensor, v: Tensor, *, rows: Optional[int] = None) -> T5Output:
        return t5(q, k, v, bias=self.bias, rows=rows)


def _read(x, *index):
    """x at indices that broadcast against each other; 0 where one of them is outside of x."""
    inside, places = True, []
    for at, size in zip(index, x.shape):
        at = torch.as_tensor(at, device=x.device)
        inside = inside & (at >= 0) & (at < size)
        places.append(at.clamp(0, size - 1))
    return torch.where(inside, x[tuple(places)], torch.zeros((), dtype=x.dtype, device=x.device))


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
    'q': ('B', 4, 'Tq', 16),
    'k': ('B', 4, 'Tk', 16),
    'v': ('B', 4, 'Tk', 16),
    'bias': (32, 4),
}
_INTEGERS = frozenset()
_PARAMETERS = frozenset(['bias'])


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

"""mtaPacked, compiled by heddle golden for PyTorch. Generated: edit the spec, not this file.

settings: heads=2 headDim=16 queryKernel=3 keyKernel=5
formula: fill(conv(softmax(fill(conv(fill(S, m, 0)), m, −∞))), m, 0) · v, m = j ≤ i ∧ document[i] = document[j], where conv reads a row only from the reader's own document
paper: arXiv:2504.00927v2
content: 5be0be8edd2b2961
"""
from math import inf
from typing import NamedTuple, Optional

import torch
import torch.nn.functional as F
from torch import Tensor


class MtaPackedOutput(NamedTuple):
    out: Tensor  # [B, 2, R, 16]
    lse: Tensor  # [B, 2, R]


def mtaPacked(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    *,
    document: Tensor,
    theta_pre: Tensor,
    theta_post: Tensor,
    rows: Optional[int] = None,
) -> MtaPackedOutput:
    """fill(conv(softmax(fill(conv(fill(S, m, 0)), m, −∞))), m, 0) · v, m = j ≤ i ∧ document[i] = document[j], where conv reads a row only from the reader's own document

    Shapes, for a batch of B, Tq rows of queries at the positions Tk - Tq ... Tk - 1, and R rows of output:

        q           [B, 2, Tq, 16]  queries
        k           [B, 2, Tk, 16]  keys
        v           [B, 2, Tk, 16]  values
        document    [B, Tk]         integers
        theta_pre   [2, 3, 5]       parameter
        theta_post  [2, 3, 5]       parameter

    Returns out [B, 2, R, 16], lse [B, 2, R].
    rows is R: the last rows to give; by default all of them where Tq is at least Tk, else Tq - 4.
    Rows max(0, Tk - R - 4) ... Tk - 1 of q must be given: a row depends on 4 above it.
    Floats are of one dtype, parameters of any; 16 bits are computed with in float32. Raises TypeError and ValueError.
    """
    B, Tq, Tk = _sizes(q=q, k=k, v=v, document=document, theta_pre=theta_pre, theta_post=theta_post)
    R = _rows(rows, Tq, Tk)
    device = q.device
    given = q.dtype
    dtype = torch.float32 if given in (torch.float16, torch.bfloat16) else given
    q, k, v, theta_pre = q.to(dtype), k.to(dtype), v.to(dtype), theta_pre.to(dtype)
    theta_post = theta_post.to(dtype)
    document = document.long()
    j = torch.arange(Tk, device=device)
    i = torch.arange(Tk - Tq, Tk, device=device)

    scores = q @ k.transpose(-1, -2)
    scores2 = scores / 4.0
    visible = (j <= i[:, None]) & (_window(document, 1, Tk - Tq, Tq)[..., None] == document[:, None])
    filled = torch.where(visible[:, None], scores2, 0.0)
    part = _window(document, 1, Tk - Tq, Tq)
    logits = 0.0
    for c0 in range(3):
        part3 = _window(document, 1, Tk - Tq + c0 - 2, Tq) == part
        for c1 in range(5):
            part2 = _window(_window(filled, 2, c0 - 2, Tq), 3, c1 - 2, Tk)
            part4 = theta_pre[:, c0, c1][:, None, None] * part2
            logits = logits + torch.where(part3[:, None, :, None], part4, 0.0)
    logits2 = torch.where(visible[:, None], logits, -inf)
    largest = logits2.amax(-1)
    m = largest.detach()
    exponentials = _exp_difference(logits2, m[..., None])
    sums = exponentials.sum(-1)
    scale = torch.where(sums == 0.0, 0.0, _divide(1.0, sums))
    a = exponentials * scale[..., None]
    spread = 0.0
    for c0 in range(3):
        part5 = _window(document, 1, Tk - Tq + c0 - 2, Tq) == part
        for c1 in range(5):
            part6 = theta_post[:, c0, c1][:, None, None] * _window(_window(a, 2, c0 - 2, Tq), 3, c1 - 2, Tk)
            spread = spread + torch.where(part5[:, None, :, None], part6, 0.0)
    filled2 = torch.where(visible[:, None], spread, 0.0)
    output = filled2 @ v
    lse = m + _log(torch.where(sums == 0.0, 1.0, sums))

    return MtaPackedOutput(out=output[:, :, Tq - R:].to(given), lse=lse[:, :, Tq - R:].to(given))


class MtaPacked(torch.nn.Module):
    """mtaPacked with its parameters:

        theta_pre [2, 3, 5]
        theta_post [2, 3, 5]
    """

    def __init__(self, *, dtype=None, device=None):
        super().__init__()
        self.theta_pre = torch.nn.Parameter(torch.empty(2, 3, 5, dtype=dtype, device=device))
        self.theta_post = torch.nn.Parameter(torch.empty(2, 3, 5, dtype=dtype, device=device))
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Gives every parameter its start value."""
        dtype = self.theta_pre.dtype
        device = self.theta_pre.device
        x = torch.arange(3, device=device)
        x2 = torch.arange(5, device=device)
        self.theta_pre.copy_(torch.where((x == 2)[:, None] & (x2 == 2), 1, 0).to(dtype).expand(2, 3, 5))
        self.theta_post.copy_(torch.where((x == 2)[:, None] & (x2 == 2), 1, 0).to(dtype).expand(2, 3, 5))

    def forward(
        self,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        *,
        document: Tensor,
        rows: Optional[int] = None,
    ) -> MtaPackedOutput:
        return mtaPacked(
            q,
            k,
            v,
            document=document,
            theta_pre=self.theta_pre,
            theta_post=self.theta_post,
            rows=rows,
        )


def _window(x, dim, start, size):
    """Entries start … start + size - 1 of x along dim; those outside of x are 0."""
    before = max(0, -start)
    after = max(0, start + size - x.shape[dim])
    if before > 0 or after > 0:
        x = F.pad(x, (0, 0) * (x.dim() - 1 - dim) + (before, after))
    return x.narrow(dim, start + before, size)


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
    'q': ('B', 2, 'Tq', 16),
    'k': ('B', 2, 'Tk', 16),
    'v': ('B', 2, 'Tk', 16),
    'document': ('B', 'Tk'),
    'theta_pre': (2, 3, 5),
    'theta_post': (2, 3, 5),
}
_INTEGERS = frozenset(['document'])
_PARAMETERS = frozenset(['theta_pre', 'theta_post'])


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
        rows = Tq if Tq >= Tk else Tq - 4
    first = max(0, Tk - max(rows, 1) - 4)
    if Tq < Tk - first:
        raise ValueError(
            f'for {max(rows, 1)} rows of output, rows {first} ... {Tk - 1} of q must be given, {Tk - first} rows: a row depends '
            f'on the 4 above it; but q has {Tq}'
        )
    return rows

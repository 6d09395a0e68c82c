"""mta, compiled by heddle 0.1.0 for PyTorch. Generated: edit the spec, not this file.

settings: heads=2 kvHeads=0 headDim=128 preQueryKernel=2 preKeyKernel=9 preMix=0 postQueryKernel=0 postKeyKernel=11 postMix=0 padKey="both" start="identity" norm="none" depthScale=false layer=0 gate="none"
formula: gate(norm(mix(fill(conv(softmax(fill(mix(conv(fill(S, j ≤ i, 0))), j ≤ i, −∞))), j ≤ i, 0)) · v))
paper: arXiv:2504.00927v2
content: 1c33c3e02e726193
"""
from math import inf
from typing import NamedTuple, Optional

import torch
import torch.nn.functional as F
from torch import Tensor


class MtaOutput(NamedTuple):
    out: Tensor  # [B, 2, R, 128]
    lse: Tensor  # [B, 2, R]


def mta(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    *,
    theta_pre: Tensor,
    rows: Optional[int] = None,
) -> MtaOutput:
    """gate(norm(mix(fill(conv(softmax(fill(mix(conv(fill(S, j ≤ i, 0))), j ≤ i, −∞))), j ≤ i, 0)) · v))

    Shapes, for a batch of B, Tq rows of queries at the positions Tk - Tq ... Tk - 1, and R rows of output:

        q          [B, 2, Tq, 128]  queries
        k          [B, 2, Tk, 128]  keys
        v          [B, 2, Tk, 128]  values
        theta_pre  [2, 2, 9]        parameter

    Returns out [B, 2, R, 128], lse [B, 2, R].
    rows is R: the last rows to give; by default all of them where Tq is at least Tk, else Tq - 1.
    Rows max(0, Tk - R - 1) ... Tk - 1 of q must be given: a row depends on 1 above it.
    Floats are of one dtype, parameters of any; 16 bits are computed with in float32. Raises TypeError and ValueError.
    """
    B, Tq, Tk = _sizes(q=q, k=k, v=v, theta_pre=theta_pre)
    R = _rows(rows, Tq, Tk)
    device = q.device
    given = q.dtype
    dtype = torch.float32 if given in (torch.float16, torch.bfloat16) else given
    q, k, v, theta_pre = q.to(dtype), k.to(dtype), v.to(dtype), theta_pre.to(dtype)
    j = torch.arange(Tk, device=device)
    i = torch.arange(Tk - Tq, Tk, device=device)

    scores = q @ k.transpose(-1, -2)
    s = scores / 11.313708498984761
    visible = j <= i[:, None]
    filled = torch.where(visible, s, 0.0)
    s2 = _convolve(filled, theta_pre, (4, 4, 1, 0))
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

        theta_pre [2, 2, 9]
    """

    def __init__(self, *, dtype=None, device=None):
        super().__init__()
        self.theta_pre = torch.nn.Parameter(torch.empty(2, 2, 9, dtype=dtype, device=device))
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Gives every parameter its start value."""
        dtype = self.theta_pre.dtype
        device = self.theta_pre.device
        x = torch.arange(2, device=device)
        x2 = torch.arange(9, device=device)
        self.theta_pre.copy_(torch.where((x == 1)[:, None] & (x2 == 4), 1, 0).to(dtype).expand(2, 2, 9))

    def forward(self, q: Tensor, k: Tensor, v: Tensor, *, rows: Optional[int] = None) -> MtaOutput:
        return mta(q, k, v, theta_pre=self.theta_pre, rows=rows)


def _exp_difference(x, m):
    """exp(x - m), and 0 where x is -inf whatever m is: a hidden key has no weight, even in a row that sees no key."""
    return torch.exp(torch.where(x == -inf, x, x - m))


def _convolved(x, kernel, padding):
    B, H, Tq, Tk = x.shape
    # One image of B * H channels: PyTorch takes many times as long for B images of few channels.
    image = F.pad(x.reshape(1, B * H, Tq, Tk), padding)
    return F.conv2d(image, kernel.repeat(B, 1, 1)[:, None], groups=B * H).reshape(x.shape)


class _Convolve(torch.autograd.Function):
    """x [B, H, Tq, Tk] with a kernel [H, rows, columns] for each head; outside, as far as it is padded, x is 0."""

    @staticmethod
    def forward(ctx, x, kernel, padding):
        ctx.save_for_backward(x, kernel)
        ctx.padding = padding
        return _convolved(x, kernel, padding)

    @staticmethod
    def backward(ctx, gradient):
        x, kernel = ctx.saved_tensors
        left, right, above, below = ctx.padding
        for_x = for_kernel = None
        if ctx.needs_input_grad[0]:
            for_x = _convolved(gradient, kernel.flip(1, 2), (right, left, below, above))
        if ctx.needs_input_grad[1]:
            for_kernel = _kernel_gradient(F.pad(x, ctx.padding), gradient, *kernel.shape)
        return for_x, for_kernel, None


def _kernel_gradient(x, gradient, H, rows, columns):
    """Blocks of keys by matrix products, every key with every one near it; those `columns` to the right of it are added up."""
    Tq, Tk = gradient.shape[2:]
    size = min(64, Tk)
    blocks = -(-Tk // size)
    more = (0, blocks * size - Tk)
    windows = F.pad(x, more).unfold(3, size + columns - 1, size)
    gradient = F.pad(gradient, more).unflatten(3, (blocks, size)).permute(1, 4, 0, 2, 3).reshape(H, size, -1)
    found = []
    for row in range(rows):
        window = windows[:, :, row:row + Tq].permute(1, 0, 2, 3, 4).reshape(H, -1, size + columns - 1)
        products = gradient @ window
        # One more column in each line: what lay along a diagonal lies below each other.
        lines = F.pad(products.flatten(1), (0, size)).unflatten(1, (size, size + columns))
        found.append(lines[:, :, :columns].sum(1))
    return torch.stack(found, 1)


_convolve = _Convolve.apply


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
    'q': ('B', 2, 'Tq', 128),
    'k': ('B', 2, 'Tk', 128),
    'v': ('B', 2, 'Tk', 128),
    'theta_pre': (2, 2, 9),
}
_INTEGERS = frozenset()
_PARAMETERS = frozenset(['theta_pre'])


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
        rows = Tq if Tq >= Tk else Tq - 1
    first = max(0, Tk - max(rows, 1) - 1)
    if Tq < Tk - first:
        raise ValueError(
            f'for {max(rows, 1)} rows of output, rows {first} ... {Tk - 1} of q must be given, {Tk - first} rows: a row depends '
            f'on the 1 above it; but q has {Tq}'
        )
    return rows

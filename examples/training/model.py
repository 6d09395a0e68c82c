"""A small decoder around the attention of a variant: embeddings, rotary positions, feed-forward parts, residuals.

Rotary embedding and dropout happen here, outside the attention. Parameters of one name and shape start alike in every variant.
"""
import zlib

import torch
import torch.nn.functional as F
from torch import nn

from settings import Refused
from tasks import seed_of


class Decoder(nn.Module):
    """Tokens [B, T] to logits [B, last, characters] of the last places."""

    def __init__(self, attention, characters, settings):
        super().__init__()
        width = settings.width
        hidden = settings.hidden or -(-width * 8 // 3 // 32) * 32
        self.embedding = nn.Embedding(characters, width)
        self.layers = nn.ModuleList(
            _Layer(attention(), width, hidden, settings.dropout, settings.rotary_base) for _ in range(settings.layers)
        )
        self.norm = _Norm(width)
        self.dropout = nn.Dropout(settings.dropout)
        self._initialise(settings)

    @torch.no_grad()
    def _initialise(self, settings):
        attention = {name for name, _ in self.named_parameters() if '.attention.attend.' in name}
        for name, parameter in self.named_parameters():
            if name not in attention and parameter.dim() > 1:
                # Every part that is added to the residual begins smaller, the deeper the model is.
                scale = (2 * settings.layers) ** -0.5 if name.endswith('.out.weight') else 1.0
                parameter.normal_(0.0, 0.02 * scale, generator=_generator(settings.seed, name))
        for number, layer in enumerate(self.layers):
            attend = layer.attention.attend
            if hasattr(attend, 'reset_parameters'):
                with torch.random.fork_rng(devices=[]):
                    torch.manual_seed(seed_of(settings.seed, 9, number))
                    attend.reset_parameters()

    def forward(self, tokens, last):
        x = self.dropout(self.embedding(tokens))
        for layer in self.layers[:-1]:
            x = layer(x, x.shape[1])
        # Only the last places are asked for: the last layer computes no others.
        x = self.layers[-1](x, last)
        return F.linear(self.norm(x), self.embedding.weight)


def _generator(seed, name):
    return torch.Generator().manual_seed(seed_of(seed, 8, zlib.crc32(name.encode())))


class _Norm(nn.Module):
    """RMS norm, in float32."""

    def __init__(self, width):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))

    def forward(self, x):
        x = x.float()
        return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-6) * self.gain


class _Layer(nn.Module):
    def __init__(self, attend, width, hidden, dropout, rotary_base):
        super().__init__()
        self.attention = _Attention(attend, width, rotary_base)
        self.feed = _FeedForward(width, hidden)
        self.norms = nn.ModuleList(_Norm(width) for _ in range(2))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, last):
        x = x[:, x.shape[1] - last:] + self.dropout(self.attention(self.norms[0](x), last))
        return x + self.dropout(self.feed(self.norms[1](x)))


class _FeedForward(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.up = nn.Linear(width, 2 * hidden, bias=False)
        self.out = nn.Linear(hidden, width, bias=False)

    def forward(self, x):
        gate, value = self.up(x).chunk(2, -1)
        return self.out(F.silu(gate) * value)


class _Attention(nn.Module):
    """Projections and rotary positions around a variant, which has the heads, their dimensions, and its own parameters."""

    def __init__(self, attend, width, rotary_base):
        super().__init__()
        self.attend = attend
        shapes = attend.variant.inputs
        others = [name for name in shapes if name not in ('q', 'k', 'v') and name not in dict(attend.named_parameters())]
        if others or not {'q', 'k', 'v'} <= set(shapes):
            raise Refused(
                f'the variant {attend.variant.name!r} takes {", ".join(shapes)}: this model makes q, k and v, and no other tensors'
            )
        (_, self.heads, _, self.dimension), (_, self.sharing, _, _), (_, _, _, self.values) = (shapes[name] for name in 'qkv')
        if self.dimension % 2 != 0:
            raise Refused(f'heads of {self.dimension} features cannot be rotated: their number must be even')
        self.rotary_base = rotary_base
        self.query = nn.Linear(width, self.heads * self.dimension, bias=False)
        self.key = nn.Linear(width, self.sharing * self.dimension, bias=False)
        self.value = nn.Linear(width, self.sharing * self.values, bias=False)
        self.out = nn.Linear(self.heads * self.values, width, bias=False)

    def forward(self, x, last):
        length = x.shape[1]
        # A row of a variant may depend on the queries of a few rows above it: its history.
        rows = min(length, last + self.attend.variant.history)
        angles = self._angles(length, x.device)
        q = _rotated(_heads(self.query(x[:, length - rows:]), self.heads), angles[length - rows:])
        k = _rotated(_heads(self.key(x), self.sharing), angles)
        v = _heads(self.value(x), self.sharing)
        # Autocast would round within the attention: it takes tensors of 16 bits, and computes with them in 32.
        with torch.autocast(x.device.type, enabled=False):
            found = self.attend(q.to(v.dtype), k.to(v.dtype), v, rows=last)
        out = found[0] if isinstance(found, tuple) else found
        return self.out(out.transpose(1, 2).flatten(2))

    def _angles(self, length, device):
        exponents = torch.arange(0, self.dimension, 2, device=device, dtype=torch.float64) / self.dimension
        return torch.arange(length, device=device)[:, None] * self.rotary_base ** -exponents


def _heads(x, heads):
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def _rotated(x, angles):
    """Pairs of features turned by the angle of their position, in float32."""
    cosine, sine = angles.cos().float(), angles.sin().float()
    first, second = x.float().chunk(2, -1)
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], -1)

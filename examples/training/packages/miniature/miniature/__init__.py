"""The variants of the study miniature, compiled by heddle 0.1.0 for PyTorch. Generated: edit the study, not this package.

Two heads of 32 features: plain attention, key-query convolution before the softmax, heads mixed, and both.

    from miniature import variants
    attention = variants['base']()

Each is a class of torch.nn.Module that is called like the function of its spec. Parameters start as the spec says; state
dictionaries are the same whether kernels run or eager PyTorch. Its repr holds all its settings.

    'base'  eager PyTorch
    'MTA'  eager PyTorch
    'heads mixed'  eager PyTorch
    'MTA, heads mixed'  eager PyTorch
"""
from typing import NamedTuple, Optional

import torch
from torch import Tensor

from . import base as _base
from . import mta as _mta
from . import heads_mixed as _heads_mixed
from . import mta_heads_mixed as _mta_heads_mixed

__all__ = ['variants', 'baseline', 'failures']


class Variant(NamedTuple):
    name: str
    spec: str
    settings: dict
    inputs: dict  # The shapes of what a call takes and of parameters; B, Tq and Tk are what the call has.
    history: int  # Rows of queries that a row depends on, above it.
    kernels: Optional[str]  # What they store; None where all is eager PyTorch.

    def __repr__(self):
        return ', '.join(f'{key}={value!r}' for key, value in {'name': self.name, 'spec': self.spec, **self.settings}.items())


class _Named(type):
    def __repr__(cls):
        return f'<{cls.__name__}({cls.variant})>' if hasattr(cls, 'variant') else super().__repr__()


class _Variant(metaclass=_Named):
    """What all variants have: their settings, and those in their repr."""

    def extra_repr(self):
        return repr(self.variant)


class _Variants(dict):
    def __missing__(self, name):
        why = f'does not compile: {failures[name]}' if name in failures else f'is none of {", ".join(map(repr, self))}'
        raise KeyError(f'the variant {name!r} {why}')


class Base(_Variant, torch.nn.Module):
    """The variant 'base' of the study, mta under the settings below.
    """

    variant = Variant(
        name='base',
        spec='mta',
        settings={
            'heads': 2,
            'kvHeads': 0,
            'headDim': 32,
            'preQueryKernel': 0,
            'preKeyKernel': 11,
            'preMix': 0,
            'postQueryKernel': 0,
            'postKeyKernel': 11,
            'postMix': 0,
            'padKey': 'both',
            'start': 'identity',
            'norm': 'none',
            'depthScale': False,
            'layer': 0,
            'gate': 'none',
        },
        inputs={
            'q': ('B', 2, 'Tq', 32),
            'k': ('B', 2, 'Tk', 32),
            'v': ('B', 2, 'Tk', 32),
        },
        history=0,
        kernels=None,
    )

    @staticmethod
    def reason_for_eager(q: Tensor) -> Optional[str]:
        """Why a call with queries like q runs as eager PyTorch; None where kernels serve it."""
        return 'the package was compiled without kernels'

    def __init__(self, *, dtype=None, device=None):
        super().__init__()

    def forward(self, q: Tensor, k: Tensor, v: Tensor, *, rows: Optional[int] = None):
        return _base.mta(q, k, v, rows=rows)


class MTA(_Variant, _mta.Mta):
    """The variant 'MTA' of the study, mta under the settings below.
    """

    variant = Variant(
        name='MTA',
        spec='mta',
        settings={
            'heads': 2,
            'kvHeads': 0,
            'headDim': 32,
            'preQueryKernel': 2,
            'preKeyKernel': 9,
            'preMix': 0,
            'postQueryKernel': 0,
            'postKeyKernel': 11,
            'postMix': 0,
            'padKey': 'both',
            'start': 'identity',
            'norm': 'none',
            'depthScale': False,
            'layer': 0,
            'gate': 'none',
        },
        inputs={
            'q': ('B', 2, 'Tq', 32),
            'k': ('B', 2, 'Tk', 32),
            'v': ('B', 2, 'Tk', 32),
            'theta_pre': (2, 2, 9),
        },
        history=1,
        kernels=None,
    )

    @staticmethod
    def reason_for_eager(q: Tensor) -> Optional[str]:
        """Why a call with queries like q runs as eager PyTorch; None where kernels serve it."""
        return 'the package was compiled without kernels'


class HeadsMixed(_Variant, _heads_mixed.Mta):
    """The variant 'heads mixed' of the study, mta under the settings below.
    """

    variant = Variant(
        name='heads mixed',
        spec='mta',
        settings={
            'heads': 2,
            'kvHeads': 0,
            'headDim': 32,
            'preQueryKernel': 0,
            'preKeyKernel': 11,
            'preMix': 2,
            'postQueryKernel': 0,
            'postKeyKernel': 11,
            'postMix': 0,
            'padKey': 'both',
            'start': 'identity',
            'norm': 'none',
            'depthScale': False,
            'layer': 0,
            'gate': 'none',
        },
        inputs={
            'q': ('B', 2, 'Tq', 32),
            'k': ('B', 2, 'Tk', 32),
            'v': ('B', 2, 'Tk', 32),
            'mix_pre': (1, 2, 2),
        },
        history=0,
        kernels=None,
    )

    @staticmethod
    def reason_for_eager(q: Tensor) -> Optional[str]:
        """Why a call with queries like q runs as eager PyTorch; None where kernels serve it."""
        return 'the package was compiled without kernels'


class MTAHeadsMixed(_Variant, _mta_heads_mixed.Mta):
    """The variant 'MTA, heads mixed' of the study, mta under the settings below.
    """

    variant = Variant(
        name='MTA, heads mixed',
        spec='mta',
        settings={
            'heads': 2,
            'kvHeads': 0,
            'headDim': 32,
            'preQueryKernel': 2,
            'preKeyKernel': 9,
            'preMix': 2,
            'postQueryKernel': 0,
            'postKeyKernel': 11,
            'postMix': 0,
            'padKey': 'both',
            'start': 'identity',
            'norm': 'none',
            'depthScale': False,
            'layer': 0,
            'gate': 'none',
        },
        inputs={
            'q': ('B', 2, 'Tq', 32),
            'k': ('B', 2, 'Tk', 32),
            'v': ('B', 2, 'Tk', 32),
            'theta_pre': (2, 2, 9),
            'mix_pre': (1, 2, 2),
        },
        history=1,
        kernels=None,
    )

    @staticmethod
    def reason_for_eager(q: Tensor) -> Optional[str]:
        """Why a call with queries like q runs as eager PyTorch; None where kernels serve it."""
        return 'the package was compiled without kernels'


baseline = 'base'
# Variants that do not compile, and why.
failures = {}
variants = _Variants({
    'base': Base,
    'MTA': MTA,
    'heads mixed': HeadsMixed,
    'MTA, heads mixed': MTAHeadsMixed,
})

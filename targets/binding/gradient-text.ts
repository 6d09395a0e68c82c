// The Python module of what is common to gradients of a package: they are themselves not to be differentiated, and say so.
// The same for every spec.

export const gradientText = `"""Gradients that refuse to be differentiated."""
import torch

from . import description


class _Refused(torch.autograd.Function):
    """Gradients as they are; their own are refused."""

    @staticmethod
    def forward(ctx, count, *tensors):
        return tuple(tensor.view_as(tensor) for tensor in tensors[:count])

    @staticmethod
    def backward(ctx, *_):
        raise RuntimeError(
            f'{description.NAME}: gradients of gradients are not computed; call the function of the module eager, which is '
            'differentiable any number of times'
        )


def differentiable_once(gradients, sources):
    """Gradients with respect to some of the sources, which refuse to be differentiated: else they would count as constants."""
    if not torch.is_grad_enabled():
        return gradients
    present = [gradient for gradient in gradients if gradient is not None]
    if len(present) == 0:
        return gradients
    refused = iter(_Refused.apply(len(present), *present, *(source for source in sources if source.requires_grad)))
    return [None if gradient is None else next(refused) for gradient in gradients]
`;

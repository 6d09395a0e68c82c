"""Inputs that lie in memory as models have them: the same numbers, in other strides."""
import torch


def _of_sequences(package, tensors):
    return [name for name in package.inputs if name in package.stored and tensors[name].dim() == 4]


def _heads_behind_rows(package, tensors):
    """[B, T, H, D], as a projection gives them."""
    own = _of_sequences(package, tensors)
    return {name: tensors[name].transpose(1, 2).contiguous().transpose(1, 2) if name in own else tensors[name] for name in tensors}


def _packed(package, tensors):
    """[B, T, 3, H, D]: queries, keys and values of one projection; of a decode step, keys and values."""
    own = _of_sequences(package, tensors)
    groups = {}
    for name in own:
        groups.setdefault(tuple(tensors[name].shape), []).append(name)
    found = dict(tensors)
    for names in groups.values():
        packed = torch.stack([tensors[name].transpose(1, 2) for name in names], dim=2)
        for place, name in enumerate(names):
            found[name] = packed[:, :, place].transpose(1, 2)
    return found


def _expanded_heads(package, tensors):
    """One head of keys and values that all heads of queries share, by a stride of 0."""
    found = dict(tensors)
    for name in _of_sequences(package, tensors)[1:]:
        found[name] = tensors[name][:, :1].expand(-1, tensors[name].shape[1], -1, -1)
    return found


LAYOUTS = (('[B, T, H, D]', _heads_behind_rows), ('packed qkv', _packed), ('expanded heads', _expanded_heads))

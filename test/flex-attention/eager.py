# FlexAttention evaluated eagerly, for PyTorch of any version: every score of the grid at once, nothing compiled.
# A test puts the functions of examples/flex-attention/ behind this text, and a call of `attend` behind them.
import math

import torch


def and_masks(*masks):
    def mask_mod(b, h, q_idx, kv_idx):
        seen = masks[0](b, h, q_idx, kv_idx)
        for mask in masks[1:]:
            seen = seen & mask(b, h, q_idx, kv_idx)
        return seen

    return mask_mod


def or_masks(*masks):
    def mask_mod(b, h, q_idx, kv_idx):
        seen = masks[0](b, h, q_idx, kv_idx)
        for mask in masks[1:]:
            seen = seen | mask(b, h, q_idx, kv_idx)
        return seen

    return mask_mod


def _grid(*lengths):
    return [torch.arange(each).reshape([-1 if n == axis else 1 for n in range(4)]) for axis, each in enumerate(lengths)]


def create_block_mask(mask_mod, *lengths, device):
    return mask_mod(*_grid(*lengths)).expand(lengths)


def flex_attention(
    query, key, value, score_mod=None, block_mask=None, scale=None, enable_gqa=False, return_lse=False
):
    groups = query.shape[1] // key.shape[1]
    if groups != 1 and not enable_gqa:
        raise ValueError('fewer heads of keys than of queries, and enable_gqa is not set')
    key, value = key.repeat_interleave(groups, 1), value.repeat_interleave(groups, 1)
    scores = query @ key.transpose(-1, -2) * (query.shape[-1] ** -0.5 if scale is None else scale)
    if score_mod is not None:
        scores = score_mod(scores, *_grid(*scores.shape))
    if block_mask is not None:
        scores = torch.where(block_mask, scores, torch.tensor(-math.inf))
    lse = torch.logsumexp(scores, -1)
    hidden = torch.isneginf(lse)[..., None]
    out = torch.where(hidden, torch.tensor(0.0), torch.softmax(scores, -1)) @ value
    return (out, lse) if return_lse else out


def _offset(mod, offset):
    """A mod whose q_idx 0 is the position `offset`: with fewer queries than keys the last one stands at the last key."""
    if mod.__name__ == 'score_mod':

        def score_mod(score, b, h, q_idx, kv_idx):
            return mod(score, b, h, q_idx + offset, kv_idx)

        return score_mod

    def mask_mod(b, h, q_idx, kv_idx):
        return mod(b, h, q_idx + offset, kv_idx)

    return mask_mod


def _causal(b, h, q_idx, kv_idx):
    return q_idx >= kv_idx


def attend(function, arguments, axes, settings):
    """Calls a function of calls.py, or makes the mods that one of the others gives and calls flex_attention with them."""
    default = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        tensors = dict(arguments)
        query = next(each for name, each in tensors.items() if name.startswith('q'))
        keys = next(each for name, each in tensors.items() if name.startswith('k'))
        lengths = query.shape[0], query.shape[1], query.shape[2], keys.shape[2]
        offset = lengths[3] - lengths[2]
        # The rows of a table by query are those of the last queries: as a table by position it has none before.
        for name, kinds in axes.items():
            for axis, kind in enumerate(kinds):
                if kind == 'query' and offset > 0:
                    before = [offset if n == axis else each for n, each in enumerate(tensors[name].shape)]
                    tensors[name] = torch.cat((tensors[name].new_zeros(before), tensors[name]), axis)
                elif kind == 'query':
                    tensors[name] = tensors[name].roll(offset, axis)
        given = {name: torch.tensor(each) if isinstance(each, list) else each for name, each in settings.items()}
        given.setdefault('length', lengths[3])
        given.update(tensors)
        if 'causal' in names:
            given['causal'] = create_block_mask(_offset(_causal, offset), *lengths, device='cpu')
            return function(*[given[name.rstrip('_')] for name in names])
        mods = function(*[given[name] for name in names])
        mods = {mod.__name__: _offset(mod, offset) for mod in (mods if isinstance(mods, tuple) else (mods,))}
        masks = [mod for name, mod in mods.items() if name != 'score_mod']
        mask = create_block_mask(masks[0], *lengths, device='cpu') if masks else None
        return flex_attention(tensors['q'], tensors['k'], tensors['v'], mods.get('score_mod'), mask)
    finally:
        torch.set_default_dtype(default)

"""The rule by which outputs are judged: against gold, the float64 meaning, with the error that the precision explains, low."""
import torch

_BLOCK_ROWS = 64
# Bits of the significand, least and largest exponent.
_FORMATS = {'bf16': (8, -126, 127), 'f16': (11, -14, 15)}


def ulp(precision, x):
    """The distance of neighbouring numbers at x, for a tensor of float64."""
    bits, least, largest = _FORMATS[precision]
    _, exponent = torch.frexp(x)
    exponent = torch.where(x == 0, torch.full_like(exponent, least), exponent - 1).clamp(least, largest)
    return torch.pow(torch.full_like(x, 2.0), (exponent - bits + 1).to(torch.float64))


def judge(out, gold, low, precision):
    """
    `low` may be several evaluations, of which the worst counts.
    float32: the Frobenius norm of out - gold is at most max(1e-5 of that of gold, 3 times that of low - gold, sqrt(n) 2^-126).
    16 bits, for each batch entry, head and 64 rows: max|out - gold| <= 2 max|low - gold| + ulp(max|gold|), and
    mean|out - gold| <= 1.2 mean|low - gold| + ulp(max|gold|) / 4. Infinities must be where gold has them.
    """
    if tuple(out.shape) != tuple(gold.shape):
        return _failed(f'has the shape {list(out.shape)}, not {list(gold.shape)}')
    out, gold = out.double(), gold.double()
    lows = [each.double() for each in (low if isinstance(low, (tuple, list)) else [low])]
    if torch.isnan(gold).any():
        return _failed('gold holds NaN')
    is_finite = torch.isfinite(gold)
    if not torch.equal(out[~is_finite], gold[~is_finite]):
        return _failed('infinities are elsewhere')
    if not torch.isfinite(out[is_finite]).all():
        return _failed(f'{int((~torch.isfinite(out[is_finite])).sum())} elements are not finite')
    zero = torch.zeros_like(gold)
    error = torch.where(is_finite, (out - gold).abs(), zero)
    explained = [torch.where(is_finite, (each - gold).abs(), zero) for each in lows]
    size = torch.where(is_finite, gold.abs(), zero)
    if precision == 'f32':
        return _judge_whole(error, explained, size)
    return _judge_blocks(error, explained, size, precision)


def _failed(reason):
    return {'passed': False, 'error': float('inf'), 'bound': 0.0, 'reason': reason}


def _judge_whole(error, explained, size):
    norm = size.square().sum().sqrt().item()
    found = error.square().sum().sqrt().item()
    # Below the smallest normal number devices may give 0.
    flushed = 2.0 ** -126 * size.numel() ** 0.5
    bound = max(1e-5 * norm, 3 * max(each.square().sum().sqrt().item() for each in explained), flushed)
    scale = norm if norm > 0 else 1.0
    judgement = {'passed': found <= bound, 'error': found / scale, 'bound': bound / scale}
    if found > bound:
        judgement['reason'] = f'relative error {found / scale:.2e} is above {bound / scale:.2e}'
    return judgement


def _blocks(tensor):
    """[entries, blocks, elements of a block], filled up with zeros, of [batch, head, row, ...]."""
    shape = list(tensor.shape) + [1] * max(0, 3 - tensor.dim())
    rows = shape[2]
    flat = tensor.reshape(shape[0] * shape[1], rows, -1)
    count = -(-rows // _BLOCK_ROWS)
    padded = flat.new_zeros(flat.shape[0], count * _BLOCK_ROWS, flat.shape[2])
    padded[:, :rows] = flat
    return padded.reshape(flat.shape[0], count, _BLOCK_ROWS * flat.shape[2])


def _judge_blocks(error, explained, size, precision):
    shape = list(size.shape) + [1] * max(0, 3 - size.dim())
    rows, heads = shape[2], shape[1]
    row_size = max(1, size.numel() // max(1, shape[0] * heads * rows))
    errors, explanations, sizes = _blocks(error), torch.stack([_blocks(each) for each in explained]), _blocks(size)
    starts = torch.arange(errors.shape[1], device=size.device) * _BLOCK_ROWS
    counts = ((rows - starts).clamp(max=_BLOCK_ROWS) * row_size).to(torch.float64)
    unit = ulp(precision, sizes.amax(-1))
    bound = 2 * explanations.amax(-1).amax(0) + unit
    mean_bound = 1.2 * explanations.sum(-1).amax(0) / counts + unit / 4
    worst, mean = errors.amax(-1), errors.sum(-1) / counts
    passed = (worst <= bound) & (mean <= mean_bound)
    share = torch.maximum(worst / bound, mean / mean_bound)
    place = int(share.flatten().argmax())
    entry, block = place // errors.shape[1], place % errors.shape[1]
    judgement = {
        'passed': bool(passed.all()),
        'error': worst[entry, block].item(),
        'bound': bound[entry, block].item(),
        'share': share[entry, block].item(),
    }
    if not judgement['passed']:
        judgement['reason'] = (
            f'{int((~passed).sum())} blocks are wrong; in that of rows {block * _BLOCK_ROWS} ... of head {entry % heads}, '
            f'batch entry {entry // heads}: error max {worst[entry, block].item():.2e} '
            f'(allowed {bound[entry, block].item():.2e}), mean {mean[entry, block].item():.2e} '
            f'(allowed {mean_bound[entry, block].item():.2e})'
        )
    return judgement

# FlexAttention's score_mods, written for comparison: score-mods.ts says the same, spec by spec.
# Each function takes what is captured and gives what flex_attention takes: score_mod, mask_mod, or both.
import torch


def plain():
    def score_mod(score, b, h, q_idx, kv_idx):
        return score

    return score_mod


def temperature(factor):
    def score_mod(score, b, h, q_idx, kv_idx):
        return score * factor

    return score_mod


def scale_by_head(scale):
    def score_mod(score, b, h, q_idx, kv_idx):
        return score * scale[h]

    return score_mod


def scale_by_length():
    def score_mod(score, b, h, q_idx, kv_idx):
        return score * torch.log(q_idx + 2)

    return score_mod


def head_bias(bias):
    def score_mod(score, b, h, q_idx, kv_idx):
        return score + bias[h]

    return score_mod


def relative_position():
    def score_mod(score, b, h, q_idx, kv_idx):
        return score + (q_idx - kv_idx)

    return score_mod


def alibi(heads):
    def score_mod(score, b, h, q_idx, kv_idx):
        slope = torch.exp2(-((h + 1) * 8.0 / heads))
        return score + slope * (kv_idx - q_idx)

    return score_mod


def relative_1d(bias, farthest):
    def score_mod(score, b, h, q_idx, kv_idx):
        place = (q_idx - kv_idx).clamp(-farthest, farthest) + farthest
        return score + bias[h, place]

    return score_mod


def relative_2d(bias, height, width):
    def score_mod(score, b, h, q_idx, kv_idx):
        down = q_idx // width - kv_idx // width
        right = q_idx % width - kv_idx % width
        return score + bias[h, down + height - 1, right + width - 1]

    return score_mod


def t5(bias, buckets, farthest):
    exact = buckets // 2

    def score_mod(score, b, h, q_idx, kv_idx):
        n = (q_idx - kv_idx).clamp(min=0)
        ratio = torch.log(n.clamp(min=1) / exact) / torch.log(torch.tensor(farthest / exact))
        wide = exact + (ratio * (buckets - exact)).floor().long()
        bucket = torch.where(n < exact, n, wide.clamp(max=buckets - 1))
        return score + bias[h, bucket]

    return score_mod


def table_bias(bias):
    def score_mod(score, b, h, q_idx, kv_idx):
        return score + bias[b, h, q_idx, kv_idx]

    return score_mod


def graphormer(bias, distance):
    def score_mod(score, b, h, q_idx, kv_idx):
        return score + bias[h, distance[b, q_idx, kv_idx]]

    return score_mod


def sandwich(heads, waves, length):
    angle = torch.arange(length)[:, None] / 10000 ** (torch.arange(waves) / waves)
    wave = torch.cos(angle).sum(-1)

    def score_mod(score, b, h, q_idx, kv_idx):
        return score + wave[(q_idx - kv_idx).abs()] * heads / (8 * (h + 1))

    return score_mod


def soft_cap(cap):
    def score_mod(score, b, h, q_idx, kv_idx):
        return cap * torch.tanh(score / cap)

    return score_mod


def checkerboard():
    def score_mod(score, b, h, q_idx, kv_idx):
        return torch.where((q_idx + kv_idx) % 2 == 1, score / 2, score)

    return score_mod


def forgetting(gates):
    def score_mod(score, b, h, q_idx, kv_idx):
        return score + gates[b, h, q_idx] - gates[b, h, kv_idx]

    def mask_mod(b, h, q_idx, kv_idx):
        return kv_idx <= q_idx

    return score_mod, mask_mod


def alibi_capped(heads, cap):
    def score_mod(score, b, h, q_idx, kv_idx):
        slope = torch.exp2(-((h + 1) * 8.0 / heads))
        biased = score + slope * (kv_idx - q_idx)
        return cap * torch.tanh(biased / cap)

    def mask_mod(b, h, q_idx, kv_idx):
        return kv_idx <= q_idx

    return score_mod, mask_mod

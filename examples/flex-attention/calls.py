# What takes FlexAttention more than a score_mod and a mask_mod, written for comparison: calls.ts says the same.
# Each function is a whole attention; `causal` is the block mask of q_idx >= kv_idx for the call's lengths.
import torch
from torch.nn.attention.flex_attention import flex_attention


def grouped_query(q, k, v, causal):
    return flex_attention(q, k, v, block_mask=causal, enable_gqa=True)


def unscaled(q, k, v, causal):
    return flex_attention(q, k, v, block_mask=causal, scale=1.0)


def sinks(q, k, v, sink, causal):
    out, lse = flex_attention(q, k, v, block_mask=causal, return_lse=True)
    return out * torch.sigmoid(lse - sink[:, None])[..., None]


def latent(q_nope, q_rope, k_rope, c, nope_dim, rope_dim, causal):
    q = torch.cat((q_nope, q_rope), -1)
    k = torch.cat((c, k_rope), -1)
    scale = (nope_dim + rope_dim) ** -0.5
    return flex_attention(q, k, c, block_mask=causal, scale=scale, enable_gqa=True)


def differential(q1, k1, q2, k2, v, lambda_, causal):
    first = flex_attention(q1, k1, v, block_mask=causal)
    return first - lambda_ * flex_attention(q2, k2, v, block_mask=causal)


def sigmoid(q, k, v, causal):
    def score_mod(score, b, h, q_idx, kv_idx):
        return torch.nn.functional.logsigmoid(score)

    out, lse = flex_attention(q, k, v, score_mod, causal, return_lse=True)
    return out * lse.exp()[..., None]

# A small GPT whose attention is the module that Heddle made of attention.ts: trained to continue a repeated sequence, then decoded
# token by token with a cache of keys and values, and of the queries that the convolution reads above a row.
import json
import os
import sys

import torch
from torch import nn
from torch.nn import functional

HERE = os.path.dirname(os.path.abspath(__file__))
KERNELS = os.path.join(HERE, 'kernels')
sys.path.insert(0, KERNELS)  # not needed where the package is installed by pip

from convolved import Convolved  # noqa: E402

HEADS, FEATURES, LAYERS, VOCABULARY, PERIOD, LENGTH = 4, 16, 2, 12, 6, 24
WIDTH = HEADS * FEATURES

with open(os.path.join(KERNELS, 'manifest.json'), encoding='utf8') as file:
    HISTORY = json.load(file)['history']


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Linear(WIDTH, 3 * WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH)
        self.convolved = Convolved()

    def forward(self, x, cache=None):
        """x of [batch, rows, width]; with a cache, rows are those behind what it holds."""
        batch, rows, _ = x.shape
        q, k, v = (
            part.view(batch, rows, HEADS, FEATURES).transpose(1, 2).contiguous()
            for part in self.project(x).chunk(3, dim=-1)
        )
        if cache is not None:
            for name, part in (('q', q), ('k', k), ('v', v)):
                cache[name] = torch.cat((cache[name], part), dim=2) if name in cache else part
            cache['q'] = cache['q'][:, :, -(rows + HISTORY):]
            q, k, v = cache['q'], cache['k'], cache['v']
        out, _ = self.convolved(q, k, v, rows=rows)
        return self.output(out.transpose(1, 2).reshape(batch, rows, WIDTH))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention, self.before = Attention(), nn.LayerNorm(WIDTH)
        self.feedforward = nn.Sequential(
            nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH)
        )

    def forward(self, x, cache=None):
        x = x + self.attention(self.before(x), cache)
        return x + self.feedforward(x)


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(LENGTH, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.head = nn.Sequential(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, VOCABULARY))

    def forward(self, tokens, caches=None, first=0):
        places = torch.arange(first, first + tokens.shape[1], device=tokens.device)
        x = self.tokens(tokens) + self.positions(places)
        for n, block in enumerate(self.blocks):
            x = block(x, None if caches is None else caches[n])
        return self.head(x)


def sequences(batch, device):
    """Random tokens that come again after a period."""
    pattern = torch.randint(VOCABULARY, (batch, PERIOD))
    return pattern.repeat(1, LENGTH // PERIOD).to(device)


def train(model, device, steps=200):
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    losses = []
    for _ in range(steps):
        tokens = sequences(32, device)
        logits = model(tokens[:, :-1])
        # What comes in the first period nobody can know.
        loss = functional.cross_entropy(logits[:, PERIOD - 1:].flatten(0, 1), tokens[:, PERIOD:].flatten())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def decode(model, prompt):
    """Continues a prompt to the whole length; the logits of every step."""
    caches = [{} for _ in range(LAYERS)]
    tokens, logits = prompt, model(prompt, caches)
    every = [logits]
    while tokens.shape[1] < LENGTH:
        tokens = torch.cat((tokens, logits[:, -1:].argmax(-1)), dim=1)
        logits = model(tokens[:, -1:], caches, first=tokens.shape[1] - 1)
        every.append(logits)
    return tokens, torch.cat(every, dim=1)


def main():
    torch.manual_seed(1)
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    model = Gpt().to(device)
    losses = train(model, device)
    print(f'loss {losses[0]:.2f} at first, {losses[-1]:.3f} after {len(losses)} steps on {device}')
    wanted = sequences(8, device)
    tokens, stepwise = decode(model, wanted[:, :PERIOD])
    with torch.no_grad():
        apart = (stepwise - model(tokens)).abs().max().item()
    right = (tokens == wanted).float().mean().item()
    print(f'decoded step by step {100 * right:.0f} % of the tokens are right; logits are {apart:.1e} from those of the whole')
    return 0 if losses[-1] < 0.5 * losses[0] and apart < 1e-3 else 1


if __name__ == '__main__':
    sys.exit(main())

"""The same model, data and steps in PyTorch: python3 train.py FOLDER [STEPS], where FOLDER is what `heddle compile --target torch` wrote."""
import sys

import torch

BATCH, LENGTH, TOKENS, WIDTH, HEADS, HEAD_DIM = 4, 24, 12, 16, 2, 8
RATE = 1


def generator(seed):
    """Numbers in [0, 1) that are the same in every language: mulberry32."""
    state, mask = seed, 0xFFFFFFFF
    while True:
        state = (state + 0x6D2B79F5) & mask
        x = ((state ^ (state >> 15)) * (state | 1)) & mask
        x = (((x + (((x ^ (x >> 7)) * (x | 61)) & mask)) & mask) ^ x) & mask
        yield ((x ^ (x >> 14)) & mask) / 2**32


def main():
    folder, steps = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 150
    sys.path.insert(0, folder)
    from induction import induction

    numbers = generator(1)

    def matrix(rows, columns, scale):
        return torch.tensor([[(2 * next(numbers) - 1) * scale for _ in range(columns)] for _ in range(rows)])

    embedding = matrix(TOKENS, WIDTH, 1)
    learned = [matrix(WIDTH, HEADS * HEAD_DIM, 0.5) for _ in range(3)]
    learned.append(matrix(HEADS * HEAD_DIM, TOKENS, 0.5))
    theta = torch.zeros(HEADS, 2, 3)
    theta[:, 1, 1] = 1
    learned.append(theta)
    for parameter in learned:
        parameter.requires_grad_(True)
    query, key, value, output, theta = learned

    for _ in range(steps):
        halves = [[int(next(numbers) * TOKENS) for _ in range(LENGTH // 2)] for _ in range(BATCH)]
        inputs = torch.tensor([half + half for half in halves])
        rows = embedding[inputs]
        heads = [(rows @ weights).view(BATCH, LENGTH, HEADS, HEAD_DIM).transpose(1, 2) for weights in (query, key, value)]
        out, *_ = induction(*heads, theta=theta)
        logits = out.transpose(1, 2).reshape(BATCH, LENGTH, -1) @ output
        seen = logits[:, LENGTH // 2 : LENGTH - 1].reshape(-1, TOKENS)
        loss = torch.nn.functional.cross_entropy(seen, inputs[:, LENGTH // 2 + 1 :].reshape(-1))
        gradients = torch.autograd.grad(loss, learned)
        print(loss.item())
        with torch.no_grad():
            for parameter, gradient in zip(learned, gradients):
                parameter -= RATE * gradient


main()

// The functions that an emitted module brings along, as far as it uses them: what PyTorch has no name for.
// Each is plain PyTorch, written out in the module, so that it depends on nothing but torch.

const differentiable = (
  name: string,
  formula: string,
  forward: string,
  derivative: string,
): readonly [string, Helper] => [
  `_${name}`,
  {
    needs: ['_absorb'],
    text: `class _${capital(name)}(torch.autograd.Function):
    """${formula}. A zero cotangent contributes exactly 0, even where the derivative is infinite."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return ${forward}

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return _absorb(gradient, ${derivative})


_${name} = _${capital(name)}.apply`,
  },
];

const differentiable2 = (
  name: string,
  formula: string,
  forward: string,
  derivatives: readonly [string, string],
  needs: readonly string[] = [],
): readonly [string, Helper] => [
  `_${name}`,
  {
    needs: ['_absorb', '_tensors', ...needs],
    text: `class _${capital(name)}(torch.autograd.Function):
    """${formula}. A zero cotangent contributes exactly 0, even where a derivative is infinite."""

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return ${forward}

    @staticmethod
    def backward(ctx, gradient):
        x, y = ctx.saved_tensors
        return _absorb(gradient, ${derivatives[0]}), _absorb(gradient, ${derivatives[1]})


def _${name}(x, y):
    return _${capital(name)}.apply(*_tensors(x, y))`,
  },
];

function capital(name: string): string {
  return name.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

export interface Helper {
  /** The helpers that it calls. */
  readonly needs: readonly string[];
  readonly text: string;
}

const plain = (name: string, text: string, needs: readonly string[] = []): readonly [string, Helper] => [
  name,
  { needs, text },
];

const table: ReadonlyMap<string, Helper> = new Map([
  plain(
    '_window',
    `def _window(x, dim, start, size):
    """Entries start … start + size - 1 of x along dim; those outside of x are 0."""
    before = max(0, -start)
    after = max(0, start + size - x.shape[dim])
    if before > 0 or after > 0:
        x = F.pad(x, (0, 0) * (x.dim() - 1 - dim) + (before, after))
    return x.narrow(dim, start + before, size)`,
  ),
  plain(
    '_read',
    `def _read(x, *index):
    """x at indices that broadcast against each other; 0 where one of them is outside of x."""
    inside, places = True, []
    for at, size in zip(index, x.shape):
        at = torch.as_tensor(at, device=x.device)
        inside = inside & (at >= 0) & (at < size)
        places.append(at.clamp(0, size - 1))
    return torch.where(inside, x[tuple(places)], torch.zeros((), dtype=x.dtype, device=x.device))`,
  ),
  plain(
    '_logsumexp',
    `def _logsumexp(x, dim):
    """log Σ exp(x) over dim; -inf, and no gradient, where there is nothing but -inf."""
    hidden = (x == -inf).all(dim, keepdim=True)
    return torch.logsumexp(torch.where(hidden, 0.0, x), dim).masked_fill(hidden.squeeze(dim), -inf)`,
  ),
  plain(
    '_exp_difference',
    `def _exp_difference(x, m):
    """exp(x - m), and 0 where x is -inf whatever m is: a hidden key has no weight, even in a row that sees no key."""
    return torch.exp(torch.where(x == -inf, x, x - m))`,
  ),
  plain(
    '_absorb',
    `def _absorb(x, y):
    """x * y, and exactly 0 where x is 0 whatever y is."""
    return torch.where(x == 0, torch.zeros((), dtype=x.dtype, device=x.device), x * y)`,
  ),
  plain(
    '_tensors',
    `def _tensors(x, y):
    """x and y in one shape; one of them may be a number."""
    x = x if torch.is_tensor(x) else torch.full_like(y, x)
    y = y if torch.is_tensor(y) else torch.full_like(x, y)
    return torch.broadcast_tensors(x, y)`,
  ),
  plain(
    '_add_at',
    `def _add_at(sizes, index, value):
    """A tensor of these sizes, each value added at its index; one outside adds nothing."""
    flat, inside, count = 0, True, 1
    for at, size in zip(index, sizes):
        at = torch.as_tensor(at, device=value.device)
        flat, inside, count = flat * size + at, inside & (at >= 0) & (at < size), count * size
    flat = torch.where(inside, flat, count).expand(value.shape).reshape(-1)
    total = torch.zeros(count + 1, dtype=value.dtype, device=value.device)
    return total.scatter_add(0, flat, value.reshape(-1))[:count].reshape(sizes)`,
  ),
  plain(
    '_convolve',
    `def _convolved(x, kernel, padding):
    B, H, Tq, Tk = x.shape
    # One image of B * H channels: PyTorch takes many times as long for B images of few channels.
    image = F.pad(x.reshape(1, B * H, Tq, Tk), padding)
    return F.conv2d(image, kernel.repeat(B, 1, 1)[:, None], groups=B * H).reshape(x.shape)


class _Convolve(torch.autograd.Function):
    """x [B, H, Tq, Tk] with a kernel [H, rows, columns] for each head; outside, as far as it is padded, x is 0."""

    @staticmethod
    def forward(ctx, x, kernel, padding):
        ctx.save_for_backward(x, kernel)
        ctx.padding = padding
        return _convolved(x, kernel, padding)

    @staticmethod
    def backward(ctx, gradient):
        x, kernel = ctx.saved_tensors
        left, right, above, below = ctx.padding
        for_x = for_kernel = None
        if ctx.needs_input_grad[0]:
            for_x = _convolved(gradient, kernel.flip(1, 2), (right, left, below, above))
        if ctx.needs_input_grad[1]:
            for_kernel = _kernel_gradient(F.pad(x, ctx.padding), gradient, *kernel.shape)
        return for_x, for_kernel, None


def _kernel_gradient(x, gradient, H, rows, columns):
    """Blocks of keys by matrix products, every key with every one near it; those \`columns\` to the right of it are added up."""
    Tq, Tk = gradient.shape[2:]
    size = min(64, Tk)
    blocks = -(-Tk // size)
    more = (0, blocks * size - Tk)
    windows = F.pad(x, more).unfold(3, size + columns - 1, size)
    gradient = F.pad(gradient, more).unflatten(3, (blocks, size)).permute(1, 4, 0, 2, 3).reshape(H, size, -1)
    found = []
    for row in range(rows):
        window = windows[:, :, row:row + Tq].permute(1, 0, 2, 3, 4).reshape(H, -1, size + columns - 1)
        products = gradient @ window
        # One more column in each line: what lay along a diagonal lies below each other.
        lines = F.pad(products.flatten(1), (0, size)).unflatten(1, (size, size + columns))
        found.append(lines[:, :, :columns].sum(1))
    return torch.stack(found, 1)


_convolve = _Convolve.apply`,
  ),
  plain(
    '_round',
    `def _round(x):
    """The nearest whole number; half goes up."""
    return torch.where(x - torch.floor(x) >= 0.5, torch.ceil(x), torch.floor(x))`,
  ),
  plain(
    '_sign',
    `def _sign(x):
    """-1, 0 or 1; -0 and NaN are themselves."""
    return torch.where(x.abs() > 0, torch.sign(x), x.detach())`,
  ),
  plain(
    '_pow',
    `def _pow(x, y):
    """x ** y of tensors; 1 or -1 to an infinite power is NaN, as JavaScript has it."""
    return torch.where((x.abs() == 1) & ~torch.isfinite(y), torch.full_like(y, float("nan")), torch.pow(x, y))`,
  ),
  plain(
    '_shift_left',
    `def _shift_left(x, y):
    """x << y in 32 bits, as JavaScript has it."""
    return ((x << (y & 31)) + 2**31) % 2**32 - 2**31`,
  ),

  // ── Functions with derivatives that may be infinite ───────────────────────────────────────────────
  differentiable('exp', 'e^x', 'torch.exp(x)', 'torch.exp(x)'),
  differentiable('expm1', 'e^x - 1', 'torch.expm1(x)', 'torch.exp(x)'),
  differentiable('log', 'The natural logarithm', 'torch.log(x)', '1 / x'),
  differentiable('log2', 'The logarithm to base 2', 'torch.log2(x)', '1.4426950408889634 / x'),
  differentiable('log10', 'The logarithm to base 10', 'torch.log10(x)', '0.4342944819032518 / x'),
  differentiable('log1p', 'log(1 + x)', 'torch.log1p(x)', '1 / (1 + x)'),
  differentiable('sqrt', 'The square root', 'torch.sqrt(x)', '0.5 / torch.sqrt(x)'),
  differentiable('cbrt', 'The cube root', 'torch.copysign(torch.abs(x) ** (1 / 3), x)', 'torch.abs(x) ** (-2 / 3) / 3'),
  differentiable('sin', 'The sine', 'torch.sin(x)', 'torch.cos(x)'),
  differentiable('cos', 'The cosine', 'torch.cos(x)', '-torch.sin(x)'),
  differentiable('tan', 'The tangent', 'torch.tan(x)', '1 + torch.tan(x) ** 2'),
  differentiable('asin', 'The arc sine', 'torch.asin(x)', '1 / torch.sqrt(1 - x * x)'),
  differentiable('acos', 'The arc cosine', 'torch.acos(x)', '-1 / torch.sqrt(1 - x * x)'),
  differentiable('sinh', 'The hyperbolic sine', 'torch.sinh(x)', 'torch.cosh(x)'),
  differentiable('cosh', 'The hyperbolic cosine', 'torch.cosh(x)', 'torch.sinh(x)'),
  differentiable2('multiply', 'x * y', 'x * y', ['y', 'x']),
  differentiable2('divide', 'x / y', 'x / y', ['1 / y', '-x / y / y']),
  differentiable2(
    'power',
    'x ** y',
    '_pow(x, y)',
    ['y * torch.pow(x, y - 1)', 'torch.pow(x, y) * torch.log(x)'],
    ['_pow'],
  ),
  differentiable2('atan2', 'atan2(x, y)', 'torch.atan2(x, y)', ['y / (x * x + y * y)', '-x / (x * x + y * y)']),
  differentiable2('remainder', 'x modulo y, with the sign of x', 'torch.fmod(x, y)', [
    'torch.ones_like(x)',
    '-torch.trunc(x / y)',
  ]),
]);

export type HelperName = string;

/** The text of the helpers that are used, each after those that it needs. */
export function helperTexts(used: ReadonlySet<HelperName>): readonly string[] {
  const done = new Map<HelperName, string>();
  const visit = (name: HelperName): void => {
    if (done.has(name)) return;
    const helper = table.get(name);
    if (!helper) throw new Error(`there is no helper ${name}`);
    for (const need of helper.needs) visit(need);
    done.set(name, helper.text);
  };
  // In the order of the table, so that the same graph gives the same bytes.
  for (const name of table.keys()) if (used.has(name)) visit(name);
  for (const name of used) visit(name);
  return [...done.values()];
}

/** All names that helpers take in a module. */
export const helperNames: readonly string[] = [
  ...[...table.keys()].flatMap((name) => [name, `_${capital(name.slice(1))}`]),
  '_convolved',
  '_kernel_gradient',
];

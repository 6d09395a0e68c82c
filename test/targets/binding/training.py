"""Gradients by kernels on the host, through the operators of an emitted package. Arguments: the folder of its files, the package,
and its library. The rule of errors is that of the repository: twice what PyTorch in the same precision is off, and an ulp.
"""
import importlib
import os
import sys
import warnings

folder, name, library = sys.argv[1:]
sys.path[:0] = [folder, os.path.dirname(os.path.abspath(__file__))]
import torch

from expectations import fails

package = importlib.import_module(name)
checks, computation, description, operator = (
    importlib.import_module(f'{name}.{part}') for part in ('checks', 'computation', 'description', 'operator')
)
STORAGE = checks.STORAGE
NAMES = checks.NAMES
FLOATS = [n for n, each in enumerate(description.INPUTS) if each[3] != 'int']
torch.manual_seed(3)


def silently(call):
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        return call()


def drawn(batch=2, queries=21, keys=21):
    sizes = {'B': batch, 'Tq': queries, 'Tk': keys}
    inputs = []
    for _, _, shape, element, _, is_stored in description.INPUTS:
        shape = [sizes.get(size, size) for size in shape]
        if element == 'int':
            inputs.append((torch.arange(max(shape[-1], 1))[:shape[-1]] * 3 // max(shape[-1], 1)).expand(shape).contiguous())
        else:
            inputs.append(((1.0 if is_stored else 0.4) * torch.randn(shape)).to(STORAGE if is_stored else torch.float32))
    return inputs


def weights_of(outputs):
    generator = torch.Generator().manual_seed(11)
    return [torch.randn(out.shape, generator=generator) for out in outputs]


def loss_of(outputs, which=None):
    chosen = range(len(outputs)) if which is None else which
    weights = weights_of(outputs)
    terms = []
    for n in chosen:
        finite = torch.where(torch.isfinite(outputs[n]), outputs[n], torch.zeros_like(outputs[n]))
        terms.append((finite.double() * weights[n]).sum())
    return sum(terms)


def run(inputs, rows=None, wanted=None, which=None):
    """Outputs of a call, and gradients of what is wanted, None elsewhere."""
    leaves = [
        tensor.detach().clone().requires_grad_(n in FLOATS and (wanted is None or n in wanted)) for n, tensor in enumerate(inputs)
    ]
    outputs = operator.call(leaves, rows)
    loss_of(outputs, which).backward()
    return [out.detach() for out in outputs], [leaf.grad for leaf in leaves]


def by_eager(inputs, dtype, rows=None, which=None):
    """The same by eager PyTorch in another precision: float64 is what is true."""
    leaves = [
        tensor.detach().to(dtype if tensor.is_floating_point() else tensor.dtype).requires_grad_(tensor.is_floating_point())
        for tensor in inputs
    ]
    _, queries, keys = checks.lengths(leaves)
    outputs = computation._eager_outputs(leaves, checks.check_rows(rows, queries, keys))
    loss_of(outputs, which).backward()
    return [out.detach() for out in outputs], [leaf.grad for leaf in leaves]


def near(found, inputs, rows=None, which=None):
    """Outputs and gradients against eager PyTorch in float64, by what it is off itself in the dtype of the kernels."""
    gold, low = by_eager(inputs, torch.float64, rows, which), by_eager(inputs, STORAGE, rows, which)
    names = [*(each[0] for each in description.OUTPUTS), *(f'gradient of {each}' for each in NAMES)]
    for label, mine, true, lower in zip(names, [*found[0], *found[1]], [*gold[0], *gold[1]], [*low[0], *low[1]]):
        if mine is None:
            continue
        # What an output does not depend on has no gradient by autograd, and one of 0 by kernels.
        true, lower = (torch.zeros_like(mine) if each is None else each for each in (true, lower))
        assert mine.shape == true.shape, (label, mine.shape, true.shape)
        mine, true, lower = (torch.nan_to_num(each.double(), neginf=0.0) for each in (mine, true, lower))
        if STORAGE == torch.float32:
            apart, allowed = ((each - true).norm().item() / max(true.norm().item(), 1e-30) for each in (mine, lower))
            assert apart <= max(1e-5, 3 * allowed), (label, apart, allowed)
            continue
        ulp = torch.finfo(STORAGE).eps * 2.0 ** torch.floor(torch.log2(true.abs().max().clamp_min(1e-30))).item()
        apart, allowed = ((each - true).abs().max().item() for each in (mine, lower))
        assert apart <= 2 * allowed + ulp, (label, apart, allowed, ulp)


def same(one, other):
    assert all(x is None and y is None or torch.equal(x, y) for x, y in zip(one, other))


package.use_library(library, 'cpu')
inputs = drawn()
assert package.reason_for_eager_gradients(inputs[0]) is None, package.reason_for_eager_gradients(inputs[0])
whole = silently(lambda: run(inputs))
near(whole, inputs)
for gradient, tensor in zip(whole[1], inputs):
    assert gradient is None or gradient.dtype == tensor.dtype

# The same bits in every run. A call without gradients has kernels of its own: in 16 bits their sums are relative to other references.
again = run(inputs)
same(whole[0] + whole[1], again[0] + again[1])
with torch.no_grad():
    plain = list(operator.call(inputs, None))
near((plain, [None] * len(NAMES)), inputs)
if STORAGE == torch.float32:
    same(whole[0], plain)

# What nobody needs is neither computed nor given; what is needed has the same bits.
for n in FLOATS:
    _, found = run(inputs, wanted=[n])
    assert [each is not None for each in found] == [m == n for m in range(len(inputs))]
    assert torch.equal(found[n], whole[1][n]), NAMES[n]
started = []
launcher = package.library.kernel_for(inputs[0].device).launchers['backward']
record = launcher.run
launcher.run = lambda given, results, sizes: (started.append([n for n, each in enumerate(results) if each is not None]), record(given, results, sizes))
run(inputs, wanted=[0])
launcher.run = record
written = {n for writes, serves in description.TOGETHER if 0 in serves for n in writes}
assert started == [sorted(written)] and len(written) < len(FLOATS), (started, written)

# Outputs of which one alone counts: the others have no gradients that come in.
for n in range(len(description.OUTPUTS)):
    near(run(inputs, which=[n]), inputs, which=[n])

# Fewer rows, fewer queries than keys, more of them.
history = description.HISTORY
near(run(inputs, rows=5), inputs, rows=5)
short = drawn(queries=7 + history, keys=21)
near(run(short), short)
near(run(short, rows=3), short, rows=3)
if all(each[2].count('Tq') + each[2].count('Tk') < 2 for each in description.INPUTS):
    long = drawn(queries=26, keys=21)
    near(run(long), long)

# No batch entries, and no rows: gradients of 0.
for sizes in ({'batch': 0}, {'queries': 0, 'keys': 9}):
    nothing = drawn(**sizes)
    outs, grads = run(nothing)
    assert all(out.numel() == 0 for out in outs)
    assert all(grads[n].shape == nothing[n].shape and grads[n].abs().sum() == 0 for n in FLOATS)

# As tensors come from a projection, and heads that are one: gradients go on through views.
def transposed(tensor):
    return tensor.transpose(1, 2).contiguous().transpose(1, 2)


leaves = [tensor.clone().requires_grad_(n in FLOATS) for n, tensor in enumerate(inputs)]
stored = [each[5] for each in description.INPUTS]
loss_of(operator.call([transposed(leaf) if is_stored else leaf for leaf, is_stored in zip(leaves, stored)], None)).backward()
same([leaf.grad for leaf in leaves], whole[1])
shared = [tensor[:, :1].clone().requires_grad_() if NAMES[n] == 'k' else tensor for n, tensor in enumerate(inputs)]
expanded = [tensor.expand(inputs[n].shape) for n, tensor in enumerate(shared)]
loss_of(operator.call(expanded, None)).backward()
k = NAMES.index('k')
_, apart = run([tensor.contiguous() for tensor in expanded])
assert (shared[k].grad.float() - apart[k].float().sum(1, keepdim=True)).abs().max() <= 0.02 * apart[k].float().abs().max()

# Tensors that several calls share get the sum of both gradients.
leaves = [tensor.clone().requires_grad_(n in FLOATS) for n, tensor in enumerate(inputs)]
(loss_of(operator.call(leaves, None)) + loss_of(operator.call(leaves, None))).backward()
for n in FLOATS:
    assert torch.equal(leaves[n].grad, whole[1][n] + whole[1][n])

# Parameters of 16 bits have gradients of 16 bits; a cotangent that is one number seen everywhere is one as any other.
for n in FLOATS:
    if not stored[n]:
        _, found = run([tensor.bfloat16() if m == n else tensor for m, tensor in enumerate(inputs)])
        assert found[n].dtype == torch.bfloat16
        assert (found[n].float() - whole[1][n]).abs().max() <= 0.05 * whole[1][n].abs().max()
leaves = [tensor.clone().requires_grad_(n in FLOATS) for n, tensor in enumerate(inputs)]
operator.call(leaves, None)[0].sum().backward()
other = [tensor.clone().requires_grad_(n in FLOATS) for n, tensor in enumerate(inputs)]
out = operator.call(other, None)[0]
out.backward(torch.ones_like(out))
same([leaf.grad for leaf in leaves], [leaf.grad for leaf in other])

# Gradients are no constants to what differentiates them once more, and say that they are not computed.
leaf = inputs[0].clone().requires_grad_()
first = torch.autograd.grad(operator.call([leaf, *inputs[1:]], None)[0].sum(), leaf, create_graph=True)[0]
fails(RuntimeError, 'gradients of gradients are not computed', lambda: (leaf.sum() + first.float().pow(2).sum()).backward())

# Mixed precision: floats of the model in, the dtype of kernels inside, gradients in that of the model.
wide = [tensor.float().requires_grad_() if n in FLOATS else tensor for n, tensor in enumerate(inputs)]
with torch.autocast('cpu', dtype=torch.bfloat16):
    outputs = operator.call(wide, None)
    if STORAGE == torch.float32:
        narrow = operator.call([tensor.bfloat16() if is_stored else tensor for tensor, is_stored in zip(inputs, stored)], None)
        assert narrow[0].dtype == torch.float32
if STORAGE != torch.float16:
    loss_of(outputs).backward()
    assert outputs[0].dtype == STORAGE
    assert torch.equal(outputs[0], whole[0][0])
    for n in FLOATS:
        assert wide[n].grad.dtype == torch.float32
        assert torch.equal(wide[n].grad.to(whole[1][n].dtype), whole[1][n])

# Shapes without numbers.
fake = [tensor.to('meta').requires_grad_(n in FLOATS) for n, tensor in enumerate(inputs)]
outputs = operator.call(fake, None)
assert [(out.shape, out.dtype) for out in outputs] == [(out.shape, out.dtype) for out in whole[0]]

# In float64 gradients are exact, whatever the way to them.
exact = [tensor.double().requires_grad_() if n in FLOATS else tensor for n, tensor in enumerate(drawn(1, 5, 5))]
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    assert torch.autograd.gradcheck(lambda *given: operator.call(list(given), None), exact)
    said = [str(each.message) for each in caught]
assert len(said) == 2 and 'gradients are computed by eager PyTorch' in said[1] and 'float64' in said[1], said
print('all is well')

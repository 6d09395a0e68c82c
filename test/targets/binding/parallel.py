"""Several processes against one: outputs and gradients of the context-parallel form of an emitted package.
Arguments: the folder of its files, the package, numbers of processes, positions, and a library on the host or nothing.
"""
import importlib
import multiprocessing
import os
import sys
import tempfile
import warnings

folder, name, worlds, length = sys.argv[1:5]
library = sys.argv[5] if len(sys.argv) > 5 else None
length = int(length)
sys.path[:0] = [folder, os.path.dirname(os.path.abspath(__file__))]
import torch
import torch.distributed

from expectations import fails

torch.set_num_threads(1)
warnings.simplefilter('ignore')
package = importlib.import_module(name)
context, description, operator = (importlib.import_module(f'{name}.{part}') for part in ('context', 'description', 'operator'))

STORAGE = importlib.import_module(f'{name}.checks').STORAGE
sizes = {'B': 2, 'Tq': length, 'Tk': length}


def drawn(dtype):
    """Inputs that the dtype can hold, and what to multiply outputs with: the same numbers in every process."""
    generator = torch.Generator().manual_seed(7)
    inputs = []
    for _, _, shape, element, _, is_stored in description.INPUTS:
        shape = [sizes.get(size, size) for size in shape]
        if element == 'int':
            # Documents: they end at places that no span ends at.
            inputs.append((torch.arange(shape[-1]) * 5 // (2 * length)).expand(shape).contiguous())
            continue
        scale = 1.0 if is_stored else 0.4
        inputs.append((scale * torch.randn(shape, generator=generator)).to(STORAGE if is_stored else torch.float32).to(dtype))
    weights = []
    for _, _, shape, _, _ in description.OUTPUTS:
        weights.append(torch.randn([{**sizes, 'R': length}.get(size, size) for size in shape], generator=generator))
    return inputs, weights


def axes():
    return [context._axis_of(shape) for _, _, shape, _, _, _ in description.INPUTS]


def loss_of(outputs, weights):
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    # A row without keys has a log-sum-exp of -Infinity, which no loss takes.
    terms = [(torch.where(torch.isfinite(out), out, torch.zeros_like(out)).to(torch.float64) * weight).sum() for out, weight in zip(outputs, weights)]
    return outputs, sum(terms)


def leaves_of(inputs):
    return [tensor.clone().requires_grad_(tensor.is_floating_point()) for tensor in inputs]


def result(outputs, leaves):
    return [out.detach().double() for out in outputs], [leaf.grad.double() for leaf in leaves if leaf.is_floating_point()]


def alone(dtype):
    inputs, weights = drawn(dtype)
    leaves = leaves_of(inputs)
    outputs, loss = loss_of(operator.call(leaves, length), weights)
    loss.backward()
    return result(outputs, leaves)


def take_kernels():
    if not library:
        return
    package.use_library(library, 'cpu')
    # Whoever asks what kernels compute asks for their gradients too, where the package has some.
    reason = package.reason_for_eager_gradients(drawn(STORAGE)[0][0])
    assert reason == description.WHY_EAGER_GRADIENTS, reason


def work(rank, world, path, dtypes):
    take_kernels()
    torch.distributed.init_process_group('gloo', init_method=f'file://{path}/store', rank=rank, world_size=world)
    for dtype in dtypes:
        inputs, weights = drawn(dtype)
        local = [tensor if axis is None else context.shard(tensor, axis) for tensor, axis in zip(inputs, axes())]
        weights = [context.shard(weight, shape.index('R')) for weight, (_, _, shape, _, _) in zip(weights, description.OUTPUTS)]
        leaves = leaves_of(local)
        named = dict(zip([each[0] for each in description.INPUTS], leaves))
        positional = [named.pop(each[0]) for each in description.INPUTS[:description.POSITIONAL]]
        outputs, loss = loss_of(context.parallel(*positional, length=length, **named), weights)
        loss.backward()
        outs, grads = result(outputs, leaves)
        outs = [context.gather(out, shape.index('R'), length) for out, (_, _, shape, _, _) in zip(outs, description.OUTPUTS)]
        along = [axis for axis, leaf in zip(axes(), leaves) if leaf.is_floating_point()]
        grads = [grad if axis is None else context.gather(grad, axis, length) for grad, axis in zip(grads, along)]
        torch.save((outs, grads), f'{path}/{rank}-{dtype}')
    torch.distributed.barrier()


def refuses(rank, world, path, _):
    torch.distributed.init_process_group('gloo', init_method=f'file://{path}/store', rank=rank, world_size=world)
    inputs, _ = drawn(torch.float32)
    local = [tensor if axis is None else context.shard(tensor, axis) for tensor, axis in zip(inputs, axes())]
    names = [each[0] for each in description.INPUTS]
    named = dict(zip(names, local))
    call = lambda **changed: context.parallel(length=changed.pop('length', length), **{**named, **changed})
    fails(ValueError, 'pass length where it is no multiple of', lambda: call(length=length + 3))
    fails(ValueError, 'must have the shape', lambda: call(**{names[1]: local[1][:, :, 1:]}))
    fails(ValueError, 'must have the shape', lambda: call(**{names[1]: local[1][0]}))
    fails(TypeError, f'{names[1]} must be a tensor, not list', lambda: call(**{names[1]: [1]}))
    fails(TypeError, 'other is no input of the spec', lambda: call(other=local[0]))
    fails(TypeError, f'{names[0]} is missing', lambda: context.parallel(length=length))
    fails(ValueError, 'two spans each, and there are 3 positions', lambda: context.positions(3))
    assert torch.equal(context.gather(context.positions(length), 0, length), torch.arange(length))
    # What every rank has: its gradient is summed here, or left to whoever sums those of the rest of the model.
    whole = [n for n, axis in enumerate(axes()) if axis is None and local[n].is_floating_point()]
    parts = []
    for sums_parameters in (True, False):
        leaves = leaves_of(local)
        outputs, loss = loss_of(call(sums_parameters=sums_parameters, **dict(zip(names, leaves))), [torch.ones(())] * len(description.OUTPUTS))
        loss.backward()
        parts.append([leaves[n].grad for n in whole])
    for summed, own in zip(*parts):
        torch.distributed.all_reduce(own)
        assert torch.allclose(summed, own, rtol=1e-6, atol=1e-6 * summed.abs().max().item())
    # No batch entries: nothing is sent, and nothing fails.
    nothing = [tensor[:0] if 'B' in each[2] else tensor for tensor, each in zip(local, description.INPUTS)]
    if all(each[2][0] == 'B' for each in description.INPUTS if 'B' in each[2]):
        leaves = leaves_of(nothing)
        outputs, loss = loss_of(call(**dict(zip(names, leaves))), [torch.ones(())] * len(description.OUTPUTS))
        loss.backward()
        assert all(out.numel() == 0 for out in outputs) and all(leaf.grad.abs().sum() == 0 for leaf in leaves if leaf.requires_grad)
    # A gradient of gradients is none of this form's.
    leaves = leaves_of(local)
    outputs, loss = loss_of(call(**dict(zip(names, leaves))), [torch.ones(())] * len(description.OUTPUTS))
    first = torch.autograd.grad(loss, leaves[0], create_graph=True)[0]
    fails(RuntimeError, 'gradients of gradients are not computed', lambda: (loss + first.pow(2).sum()).backward())
    torch.distributed.barrier()


def together(task, world, dtypes):
    """Runs a task in so many processes; the folder with what they left."""
    path = tempfile.mkdtemp(dir=folder)
    processes = [multiprocessing.get_context('fork').Process(target=task, args=(rank, world, path, dtypes)) for rank in range(world)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert all(process.exitcode == 0 for process in processes), [process.exitcode for process in processes]
    return path


def is_within(found, gold, low, dtype):
    """The error rule: per block in 16 bits, by norms in 32; in 64 bits sums in another order are all that differs."""
    finite = torch.isfinite(gold)
    assert torch.equal(finite, torch.isfinite(found))
    found, gold, low = (torch.where(finite, each, torch.zeros_like(each)) for each in (found, gold, low))
    norm = gold.norm().item() or 1.0
    apart, allowed = (found - gold).norm().item() / norm, (low - gold).norm().item() / norm
    if dtype == torch.float64:
        return apart <= 1e-12, apart
    if dtype == torch.float32:
        return apart <= max(1e-5, 3 * allowed), (apart, allowed)
    ulp = torch.finfo(dtype).eps * 2.0 ** torch.floor(torch.log2(gold.abs().max().clamp_min(1e-30))).item()
    most = ((found - gold).abs().max().item(), 2 * (low - gold).abs().max().item() + ulp)
    mean = ((found - gold).abs().mean().item(), 1.2 * (low - gold).abs().mean().item() + ulp / 4)
    return most[0] <= most[1] and mean[0] <= mean[1], (most, mean)


if context.reason_against() is not None:
    fails(ValueError, 'cannot be cut behind the rows of a rank: no mask is known to hide', lambda: context.parallel())
    print('all is well')
    sys.exit()

dtypes = [torch.float64, torch.float32] + ([STORAGE] if STORAGE != torch.float32 else [])
# A process that has differentiated cannot be forked: newer versions of PyTorch refuse it.
paths = {world: together(work, world, dtypes) for world in map(int, worlds.split(','))}
together(refuses, 2, [])

gold, single = alone(torch.float64), {dtype: alone(dtype) for dtype in dtypes}
for world, path in paths.items():
    for dtype in dtypes:
        ranks = [torch.load(f'{path}/{rank}-{dtype}') for rank in range(world)]
        for kind, what in enumerate(('output', 'gradient')):
            for n, expected in enumerate(gold[kind]):
                for rank in ranks:
                    assert torch.equal(rank[kind][n], ranks[0][kind][n]), f'{what} {n} differs by rank'
                is_right, distances = is_within(ranks[0][kind][n], expected, single[dtype][kind][n], dtype)
                assert is_right, f'{world} processes, {dtype}, {what} {n}: {distances}'
print('all is well')

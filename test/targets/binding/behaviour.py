"""What a user of an emitted package sees: errors, strides, dtypes, warnings and gradients. Arguments: the folder of the files
of examples/decode.ts with heads=4 kvHeads=2 headDim=8 queryKernel=3 keyKernel=5 in bf16, and its library on the host.
"""
import os
import sys
import warnings

folder, library = sys.argv[1:]
sys.path[:0] = [folder, os.path.dirname(os.path.abspath(__file__))]
import torch

from expectations import fails

import decode as package
from decode import Decode, decode, description, eager, operator

torch.manual_seed(1)


def drawn(*shape, dtype=torch.bfloat16):
    return torch.randn(*shape, dtype=torch.float32).to(dtype)


def inputs(tq=21, tk=21, dtype=torch.bfloat16):
    return drawn(2, 4, tq, 8, dtype=dtype), drawn(2, 2, tk, 8, dtype=dtype), drawn(2, 2, tk, 8, dtype=dtype)


def near(one, other, tolerance):
    assert one.shape == other.shape, (one.shape, other.shape)
    distance = (one.double() - other.double()).abs().max().item()
    assert distance <= tolerance, distance


def warned(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        call()
    return [str(each.message) for each in caught]


q, k, v = inputs()
# Taps for logits of a few units: what bfloat16 rounds of scores grows with the taps, and tolerances here are absolute.
theta = 0.5 * drawn(4, 3, 5, dtype=torch.float32)

# Without a library: eager PyTorch, and one warning that says why.
assert 'CUDA' in package.reason_for_eager(q), package.reason_for_eager(q)
said = warned(lambda: [decode(q, k, v, theta=theta) for _ in range(2)])
assert len(said) == 1 and 'decode' in said[0] and 'eager' in said[0] and 'cpu' in said[0], said
gold = decode(q, k, v, theta=theta)
assert gold.out.dtype == torch.bfloat16 and gold.lse.dtype == torch.float32
exact = eager.decode(q.float(), k.float(), v.float(), theta=theta)
near(gold.out, exact.out, 0.02)

# Wrong calls.
fails(TypeError, r'decode: k must be a tensor, not list', lambda: decode(q, [1], v, theta=theta))
fails(TypeError, r'decode: v must hold floats, not torch.int64; convert it with v.to', lambda: decode(q, k, v.long(), theta=theta))
fails(TypeError, r'decode: k is of torch.float32, but q is of torch.bfloat16; convert it', lambda: decode(q, k.float(), v, theta=theta))
fails(ValueError, r'theta must have the shape \[4, 3, 5\], not \[4, 5, 3\]', lambda: decode(q, k, v, theta=theta.transpose(1, 2)))
fails(ValueError, r'v must have the shape \[B, 2, Tk, 8\], where Tk is 21, not', lambda: decode(q, k, v[:, :, 1:], theta=theta))
fails(ValueError, r'k must have the shape .* not \[2, 2, 8\]', lambda: decode(q, k[:, :, 0], v, theta=theta))
fails(ValueError, r'k is on meta, but q is on cpu; move it with k.to\(q.device\)', lambda: decode(q, k.to('meta'), v, theta=theta))
fails(ValueError, r'rows is 0, but must be from 1 to the 21 rows', lambda: decode(q, k, v, theta=theta, rows=0))
fails(ValueError, r'rows 18 ... 20 of q must be given, 3 rows', lambda: decode(q[:, :, 19:], k, v, theta=theta, rows=1))

# With kernels on the host.
package.use_library(library, 'cpu')
assert package.reason_for_eager(q) is None
assert 'bfloat16' in package.reason_for_eager(q.float())
out = decode(q, k, v, theta=theta)
# Against what bfloat16 rounds nothing of: the kernels' errors and those of eager bfloat16 are of one size, and may add up.
near(out.out, exact.out, 0.05)
near(out.lse, exact.lse, 0.05)
assert not torch.equal(out.lse, gold.lse), 'eager PyTorch ran instead of the kernels'

# Fewer rows, fewer queries; strides as they come from a projection; a parameter of 16 bits, and one with gaps.
few = decode(q[:, :, 12:], k, v, theta=theta, rows=7)
near(few.out, out.out[:, :, 14:], 0.02)
# More queries than keys: their first rows stand above the first key.
long = drawn(2, 4, 30, 8)
near(decode(long, k, v, theta=theta).out, eager.decode(long.float(), k.float(), v.float(), theta=theta).out, 0.05)

# A step over many keys takes the kernels for few rows; what is asked for is what runs, and both give the same.
many, one = description.ALTERNATIVES
assert many.startswith('online') and one.startswith('decode'), description.ALTERNATIVES
assert package.chosen_alternative('cpu', 8, 4096, 4096) == many
keys, values = drawn(1, 2, 2048, 8), drawn(1, 2, 2048, 8)
steps = {}
for asked in (None, many, one):
    package.use_alternative(asked)
    assert package.chosen_alternative('cpu', 1, 3, 2048, 1) == (asked or one)
    steps[asked] = decode(q[:1, :, :3], keys, values, theta=theta, rows=1)
package.use_alternative(None)
assert torch.equal(steps[None].lse, steps[one].lse) and torch.equal(steps[None].out, steps[one].out)
# Weights are rounded beside the largest score so far, which is another one in each share of the keys.
assert not torch.equal(steps[many].out, steps[one].out), 'what was asked for did not run'
near(steps[many].out, steps[one].out, 0.01)
near(steps[many].lse, steps[one].lse, 1e-4)
fails(ValueError, r"decode: there is no alternative 'fast', but \('online-", lambda: package.use_alternative('fast'))

projected = drawn(2, 21, 4 * 8).view(2, 21, 4, 8).transpose(1, 2)
strided, dense = decode(projected, k, v, theta=theta), decode(projected.contiguous(), k, v, theta=theta)
assert torch.equal(strided.out, dense.out) and torch.equal(strided.lse, dense.lse)
near(decode(q, k, v, theta=theta.bfloat16()).out, out.out, 0.05)
assert torch.equal(decode(q, k, v, theta=theta.transpose(1, 2).contiguous().transpose(1, 2)).out, out.out)
wide = drawn(2, 2, 21, 16)
fails(ValueError, r'k has the strides .*last axis must be contiguous; pass k.contiguous', lambda: decode(q, wide[..., ::2], v, theta=theta))
fails(ValueError, r'v has the strides .*begin at multiples of 16 bytes', lambda: decode(q, k, drawn(2, 2, 21, 12)[..., :8], theta=theta))
fails(ValueError, r'v has the strides .*multiples of 16 bytes; .*v.clone', lambda: decode(q, k, wide[..., 4:12], theta=theta))

# A call that is known takes its plan, with pointers of its own; what lies otherwise, or elsewhere, does not.
from decode import computation, plans

tried = []
tell_run = computation._run
computation._run = lambda *given: (tried.append(given[0]), tell_run(*given))
for n in range(3):
    given = [drawn(2, heads, 13, 8) for heads in (4, 2, 2)]
    again = decode(*given, theta=theta)
    near(again.out, eager.decode(*[each.float() for each in given], theta=theta).out, 0.05)
assert tried == ['plain'], tried
gaps = [drawn(2, 13, heads, 8).transpose(1, 2) for heads in (4, 2, 2)]
for n in range(2):
    near(decode(*gaps, theta=theta).out, eager.decode(*[each.float() for each in gaps], theta=theta).out, 0.05)
assert tried == ['plain'] * 2, tried
shared = [given[0], *[each[:1].expand(2, 2, 13, 8) for each in given[1:]]]
for n in range(2):
    near(decode(*shared, theta=theta).out, eager.decode(*[each.float() for each in shared], theta=theta).out, 0.05)
assert tried == ['plain'] * 3, tried
# The same strides, from a place that kernels do not take: refused by the call, copied by the operator.
odd = torch.cat([given[1].flatten(), given[1].flatten()])[4:4 + given[1].numel()].view(given[1].shape)
fails(ValueError, r'k has the strides .*begins at a place', lambda: decode(given[0], odd, given[2], theta=theta))
near(operator._outputs_operator(given[0], odd, given[2], theta, 13)[0], eager.decode(given[0].float(), odd.float(), given[2].float(), theta=theta).out, 0.05)
# A number of rows that is wrong is wrong each time; another alternative and another library begin anew.
fails(ValueError, r'rows is 14', lambda: decode(*given, theta=theta, rows=14))
tried.clear()
package.use_alternative(description.ALTERNATIVES[0])
decode(*given, theta=theta)
package.use_alternative(None)
decode(*given, theta=theta)
package.use_library(library, 'cpu')
decode(*given, theta=theta)
assert tried == ['plain'] * 3, tried
# No more signatures are kept than so many.
plans._MOST = 3
for length in range(5, 12):
    decode(*[drawn(1, heads, length, 8) for heads in (4, 2, 2)], theta=theta)
    assert len(plans._plans['plain']) <= 3 and len(plans._rows) <= 3
computation._run = tell_run

# The operator itself copies what a compiler may hand it.
apart = torch.cat([k.flatten(), k.flatten()])[4:4 + k.numel()].view(k.shape)
for other in (apart, torch.cat([k, k], -1)[..., ::2], torch.cat([k, k[..., :4]], -1)[..., :8]):
    same = torch.equal(operator._forward_operator(q, other, v, theta, 21)[0], decode(q, other.clone(memory_format=torch.contiguous_format), v, theta=theta).out)
    assert same, other.stride()

# A dtype that kernels are not for is computed all the same.
q32, k32, v32 = inputs(dtype=torch.float32)
said = warned(lambda: near(decode(q32, k32, v32, theta=theta).out, eager.decode(q32, k32, v32, theta=theta).out, 0))
assert len(said) == 1 and 'float32' in said[0] and '--dtype' in said[0], said

# Gradients are those of eager PyTorch; the module has its parameters, and learns.
module = Decode()
assert dict(module.named_parameters()).keys() == dict(eager.Decode().named_parameters()).keys()
q.requires_grad_()
forward = module(q, k, v)
weights = torch.randn_like(forward.out.float())
said = warned(lambda: ((forward.out.float() * weights).sum() + forward.lse.sum()).backward())
assert len(said) == 1 and 'gradients' in said[0], said
clone = q.detach().clone().requires_grad_()
reference = eager.Decode()
expected = reference(clone.float(), k.float(), v.float()) if reference.theta.dtype == torch.float32 else None
((expected.out * weights).sum() + expected.lse.sum()).backward()
near(q.grad, clone.grad, 0.1)
near(module.theta.grad, reference.theta.grad, 0.1)
assert k.grad is None and module.theta.grad.abs().max() > 0

# In float64 gradients are exact, whatever the way to them.
q64, k64, v64 = [each[:1, :, :6].clone().requires_grad_() for each in inputs(6, 6, torch.float64)]
theta64 = theta.double().requires_grad_()
assert torch.autograd.gradcheck(lambda *given: tuple(decode(*given[:3], theta=given[3])), (q64, k64, v64, theta64))

# Gradients are no constants to what differentiates them once more, and say that they are not computed.
leaf = q32.detach().requires_grad_()
first = torch.autograd.grad(decode(leaf, k32, v32, theta=theta).out.sum(), leaf, create_graph=True)[0]
fails(RuntimeError, r'decode: gradients of gradients are not computed', lambda: (leaf.sum() + first.pow(2).sum()).backward())

# No batch entries, and no rows: outputs without elements, gradients of 0.
for batch, rows in ((0, 21), (2, 0)):
    nothing = [each[:batch, :, :rows if n == 0 else 21].clone().requires_grad_() for n, each in enumerate((q32.detach(), k32, v32))]
    given = decode(*nothing, theta=theta)
    assert given.out.shape == (batch, 4, rows, 8) and given.lse.shape == (batch, 4, rows)
    given.out.sum().backward()
    assert all(each.grad.shape == each.shape and each.grad.abs().sum() == 0 for each in nothing)
fails(ValueError, r'there are rows of queries, and no keys', lambda: decode(q, k[:, :, :0], v[:, :, :0], theta=theta))

print('all is well')

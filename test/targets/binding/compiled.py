"""What PyTorch from 2.4 on checks of operators, and torch.compile without a graph break, forward and backward.
Arguments: the folder of the files of examples/decode.ts in bf16 with the kernels of a training step, and its library on the host.
"""
import sys

folder, library = sys.argv[1:]
sys.path.insert(0, folder)
import torch

import decode as package
from decode import checks, computation, decode, description, operator

torch.manual_seed(1)
package.use_library(library, 'cpu')


def inputs(length, dtype=torch.bfloat16):
    stored = [torch.randn(2, heads, length, 8).to(dtype) for heads in (4, 2, 2)]
    return [*stored, 0.5 * torch.randn(4, 3, 5)]


def checked(called, arguments):
    found = torch.library.opcheck(called, arguments)
    assert set(found.values()) == {'SUCCESS'}, found


given = inputs(21)
for is_wanted in (False, True):
    leaves = [each.clone().requires_grad_(is_wanted) for each in given]
    for called in (operator._forward_operator, operator._keeping_operator):
        checked(called, (*leaves, 21))
checked(operator._outputs_operator, (*given, 21))
results = operator._keeping_operator(*given, 21)
cotangents = [torch.randn_like(each) for each in results[:len(description.OUTPUTS)]]
for wanted in ([True] * 4, [False, False, False, True]):
    checked(operator._backward_operator, (given, [results[n] for n in description.SAVED], cotangents, wanted))


def grads(call, tensors):
    leaves = [each.clone().requires_grad_() for each in tensors]
    *stored, theta = leaves
    out = call(*stored, theta=theta)
    return [*out, *torch.autograd.grad(out.out.float().square().sum() + out.lse.sum(), leaves)]


for dynamic in (False, True):
    torch._dynamo.reset()
    compiled = torch.compile(decode, fullgraph=True, backend='aot_eager', dynamic=dynamic)
    for length in (21, 30):
        tensors = inputs(length)
        with torch.no_grad():
            one, other = (call(*tensors[:3], theta=tensors[3]) for call in (compiled, decode))
            assert torch.equal(one.out, other.out) and torch.equal(one.lse, other.lse)
        # By kernels to the bit; by eager PyTorch as near as its sums in another order are.
        for left, right in zip(grads(compiled, tensors), grads(decode, tensors)):
            assert torch.equal(left, right)
        wide = inputs(length, torch.float32)
        for left, right in zip(grads(compiled, wide), grads(decode, wide)):
            assert (left - right).abs().max() <= 1e-5 * max(1.0, right.abs().max().item())

# A decode step takes the kernels for few rows, in a compiled graph as outside of one.
assert package.chosen_alternative('cpu', 1, 3, 2048, 1) == description.ALTERNATIVES[1]
step = [torch.randn(1, heads, length, 8).bfloat16() for heads, length in ((4, 3), (2, 2048), (2, 2048))]
torch._dynamo.reset()
compiled = torch.compile(decode, fullgraph=True, backend='aot_eager')
with torch.no_grad():
    one, other = (call(*step, theta=given[3], rows=1) for call in (compiled, decode))
assert torch.equal(one.out, other.out) and torch.equal(one.lse, other.lse)

torch._dynamo.reset()
compiled = torch.compile(decode, fullgraph=True, backend='aot_eager')
tensors = inputs(21, torch.float32)
with torch.autocast('cpu', dtype=torch.bfloat16):
    for left, right in zip(grads(compiled, tensors), grads(decode, tensors)):
        assert left.dtype == right.dtype and torch.equal(left, right)
print('all is well')

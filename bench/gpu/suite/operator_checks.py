"""Checks the operator around the kernels: its gradients, and that torch.compile traces it whole."""
import torch

from .correctness import bits_check, verdict


def operator(device, arguments):
    package = device.package(arguments['forms'][0])
    batch, length = 2, 70
    tensors = package.draw(batch, length, length, device)
    device.must_run(package, tensors)
    with torch.no_grad():
        plain = package.run(tensors)
    checks = _gradients(device, package, tensors, plain['out'].shape)
    if not hasattr(torch, 'compile') or not hasattr(torch.library, 'custom_op'):
        return verdict(checks, without=['torch.compile: this PyTorch has none for operators of users'])
    try:
        with torch.no_grad():
            found = package.call(torch.compile(package.function, fullgraph=True), tensors)
        checks.append(bits_check('torch.compile, fullgraph', plain, found))
    except Exception as error:  # a compiler that is not installed is no fault of the operator
        return verdict(checks, without=[f'torch.compile: {type(error).__name__}: {str(error)[:500]}'])
    return verdict(checks)


def _gradients(device, package, tensors, shape):
    """Relative errors of gradients against those of eager PyTorch in float64."""
    leaves = {name: tensor.clone().requires_grad_() for name, tensor in tensors.items()}
    wide = {name: tensor.double().requires_grad_() for name, tensor in tensors.items()}
    weights = torch.randn(shape, device=device.torch, dtype=torch.float64)
    (package.run(leaves)['out'].double() * weights).sum().backward()
    (package.call(package.eager, wide)['out'] * weights).sum().backward()
    checks = []
    for name in leaves:
        expected = wide[name].grad
        distance = ((leaves[name].grad.double() - expected).norm() / expected.norm()).item()
        checks.append({'what': f'gradient of {name}', 'passed': distance < 0.01, 'error': distance, 'bound': 0.01})
        if distance >= 0.01:
            checks[-1]['reason'] = f'relative error {distance:.2e}'
    return checks

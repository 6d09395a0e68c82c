"""Checks gradients: of named variants against autograd on this device, of small cases against the truth that came with the folder."""
import torch

from .correctness import PRECISIONS, bits_check, verdict, wide_references
from .device import in_dtype
from .golden import given_of, label_of, read_case
from .layouts import LAYOUTS
from .rule import judge


def gradients_of(call, tensors, cotangents):
    """
    Gradients by the names of inputs, of what `call` gives for tensors by name; zeros where nothing depends on an input. Incoming
    gradients are by the names of outputs.
    """
    leaves = {name: tensor.detach().requires_grad_(tensor.is_floating_point()) for name, tensor in tensors.items()}
    wanted = [name for name, leaf in leaves.items() if leaf.requires_grad]
    with torch.enable_grad():
        outputs = call(leaves)
        pairs = [(outputs[name], given.to(outputs[name].dtype)) for name, given in cotangents.items() if outputs[name].requires_grad]
        found = torch.autograd.grad([output for output, _ in pairs], [leaves[name] for name in wanted], [given for _, given in pairs], allow_unused=True)
    return {name: torch.zeros_like(leaves[name]) if gradient is None else gradient for name, gradient in zip(wanted, found)}


def gradients(device, arguments):
    """
    Gradients of a form at a length that eager PyTorch can hold: by the rule, where gold is autograd in float64 and low the graph of
    gradients with every node rounded; the same bits from a second run, on another stream, of other strides, and of each input alone.
    """
    variant, length = arguments['variant'], arguments['length']
    package = device.package(arguments['forms'][0])
    tensors = package.draw(1, length, length, device)
    device.must_train(package, tensors)
    cotangents = _drawn(device, package, tensors)

    def own(given):
        return gradients_of(package.run, given, cotangents)

    found = own(tensors)
    device.synchronize()
    gold, low = _references(device, variant, package, tensors, cotangents)
    checks = [
        {'what': f'gradient of {name} at {length}', **judge(found[name], gold[name], low[name], variant['dtype'])} for name in gold
    ]
    checks.append(bits_check('a second run', found, own(tensors)))
    with device.other_stream():
        other = own(tensors)
    checks.append(bits_check('another stream', found, other))
    name, lay_out = LAYOUTS[0]
    checks.append(bits_check(name, found, own(lay_out(package, tensors))))
    for name in found:
        checks.append(bits_check(f'the gradient of {name} alone', {name: found[name]}, {name: _alone(package, tensors, cotangents, name)}))
    return verdict(checks)


def _alone(package, tensors, cotangents, name):
    """The gradient of one input, where nobody wants another: kernels that serve others alone are not started."""
    leaf = tensors[name].detach().requires_grad_()
    outputs = package.run({**tensors, name: leaf})
    pairs = [(outputs[each], given.to(outputs[each].dtype)) for each, given in cotangents.items() if outputs[each].requires_grad]
    found, = torch.autograd.grad([output for output, _ in pairs], [leaf], [given for _, given in pairs])
    return found


def _drawn(device, package, tensors):
    """Incoming gradients of all outputs, at random, exact in the dtype of the kernels."""
    generator = torch.Generator(device=device.torch)
    generator.manual_seed(device.seed + 1)
    with torch.no_grad():
        outputs = package.run(tensors)
    stored = tensors[package.inputs[package.description.LEADING]].dtype
    return {
        name: torch.randn(output.shape, generator=generator, device=device.torch).to(stored).to(output.dtype)
        for name, output in outputs.items()
    }


def _references(device, variant, package, tensors, cotangents):
    """Gold and low of gradients, by the names of inputs; neither in less than float32."""
    with wide_references():
        wide = in_dtype(tensors, torch.float64)
        gold = gradients_of(lambda leaves: package.call(package.eager, leaves), wide, in_dtype(cotangents, torch.float64))
        with torch.no_grad():
            low = _low(device, variant, tensors, cotangents)
    return gold, low


def _low(device, variant, tensors, cotangents):
    described = variant['lowGradients']
    given = {name: tensors[argument] for name, argument in variant['arguments'].items()}
    given.update(zip(described['incoming'], cotangents.values()))
    named = {argument: given[name] for name, argument in described['arguments'].items()}
    found = device.function(described)(**in_dtype(named, PRECISIONS[variant['dtype']]))
    found = found if isinstance(found, tuple) else (found,)
    return {variant['arguments'][name]: gradient for name, gradient in zip(described['results'], found)}


def golden_gradients(device, arguments):
    """Gradients of all small cases of a form: by the rule, and the same bits from a second run."""
    variant, form = arguments['variant'], arguments['forms'][0]
    package = device.package(form)
    checks = []
    for path in variant['cases']:
        parts, shape = read_case(device, path)
        what = label_of(shape)
        given = given_of(package, variant, parts)
        device.must_train(package, given)
        # Outputs of a case are in the order of the spec; in Python they have names of their own.
        cotangents = dict(zip(package.outputs, parts['incoming gradient'].values()))

        def own():
            return gradients_of(lambda leaves: package.run(leaves, shape['rows']), given, cotangents)

        found = own()
        for name, gold in parts['gold gradient'].items():
            argument = variant['arguments'][name[len('grad_'):]]
            lows = parts['low gradients'][name].unbind(0)
            judged = judge(found[argument], gold, lows, variant['dtype'])
            checks.append({'what': f'gradient of {argument}, {what}', **judged})
        checks.append(bits_check(f'a second run, {what}', found, own()))
    return verdict(checks)

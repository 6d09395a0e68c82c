// The Python program of the worker: takes emitted modules and tensors over its standard input, answers over its output.
// Frames are those of targets/shared/device/frames.js: a magic number, a JSON header, raw payloads.

export const workerText = `
import json, os, struct, sys, traceback

MAGIC = 0x6C646568
# What a module or a library prints must not end up between the frames.
answers = os.fdopen(os.dup(1), 'wb')
os.dup2(2, 1)
requests = sys.stdin.buffer


def send(header, payloads=()):
    head = json.dumps({'header': header, 'lengths': [len(each) for each in payloads]}).encode()
    answers.write(struct.pack('<II', MAGIC, len(head)))
    answers.write(head)
    for each in payloads:
        answers.write(each)
    answers.flush()


def receive():
    prefix = requests.read(8)
    if len(prefix) < 8:
        return None
    magic, length = struct.unpack('<II', prefix)
    if magic != MAGIC:
        raise ValueError('the pipe carries something that is no frame')
    message = json.loads(requests.read(length))
    return message['header'], [bytearray(requests.read(each)) for each in message['lengths']]


try:
    import torch
except ImportError as error:
    send({'missing': str(error)})
    sys.exit(0)

DTYPES = {'float32': torch.float32, 'float64': torch.float64, 'int64': torch.int64}
modules = {}


def module_of(source):
    found = modules.get(source)
    if found is None:
        found = {'__name__': 'emitted'}
        exec(compile(source, 'emitted.py', 'exec'), found)
        modules[source] = found
        if len(modules) > 16:
            del modules[next(iter(modules))]
    return found


def tensor_of(described, payload):
    dtype = DTYPES[described['dtype']]
    tensor = torch.frombuffer(payload, dtype=dtype) if len(payload) > 0 else torch.empty(0, dtype=dtype)
    return tensor.reshape(described['shape']).to(getattr(torch, described['as']))


def raw(tensor):
    """The numbers of a tensor as bytes of float64."""
    tensor = tensor.detach().double().contiguous()
    buffer = bytearray(8 * tensor.numel())
    if tensor.numel() > 0:
        torch.frombuffer(buffer, dtype=torch.float64).copy_(tensor.reshape(-1))
    return buffer


def run(request, payloads):
    """Calls the function with the tensors; with cotangents, gives the gradients of the float inputs as well."""
    emitted = module_of(request['source'])
    inputs = {each['argument']: tensor_of(each, payload) for each, payload in zip(request['inputs'], payloads)}
    given = [tensor_of(each, payload) for each, payload in zip(request['cotangents'], payloads[len(inputs):])]
    options = {} if request['rows'] is None else {'rows': request['rows']}
    leaves = {name: each for name, each in inputs.items() if given and each.is_floating_point()}
    for leaf in leaves.values():
        leaf.requires_grad_()
    with torch.enable_grad() if given else torch.no_grad():
        results = emitted[request['function']](
            *[inputs.pop(name) for name in request['positional']], **inputs, **options
        )
    outputs = list(results) if isinstance(results, tuple) else [results]
    names = list(request['outputs'])
    if given:
        wanted = [(outputs[names.index(each['output'])], cotangent) for each, cotangent in zip(request['cotangents'], given)]
        connected = [(output, cotangent) for output, cotangent in wanted if output.requires_grad]
        gradients = torch.autograd.grad(
            [output for output, _ in connected],
            list(leaves.values()),
            [cotangent for _, cotangent in connected],
            allow_unused=True,
        )
        for (name, leaf), gradient in zip(leaves.items(), gradients):
            names.append(name)
            outputs.append(torch.zeros_like(leaf) if gradient is None else gradient)
    return {'tensors': [{'name': name, 'shape': list(each.shape)} for name, each in zip(names, outputs)]}, [
        raw(each) for each in outputs
    ]


def initialise(request, _):
    """Makes the module with the parameters, and gives their start values."""
    torch.manual_seed(request['seed'])
    made = module_of(request['source'])[request['module']]()
    parameters = dict(made.named_parameters())
    tensors = [{'name': name, 'shape': list(each.shape)} for name, each in parameters.items()]
    return {'tensors': tensors}, [raw(each) for each in parameters.values()]


send({'torch': torch.__version__, 'python': sys.executable})
while True:
    message = receive()
    if message is None:
        break
    request, payloads = message
    try:
        send(*{'run': run, 'initialise': initialise}[request['kind']](request, payloads))
    except MemoryError as error:
        send({'problem': {'kind': 'memory', 'text': str(error) or 'out of memory'}})
    except Exception as error:
        kind = 'job' if isinstance(error, (TypeError, ValueError)) else 'fault'
        text = str(error) if kind == 'job' else traceback.format_exc(limit=-3)
        send({'problem': {'kind': kind, 'text': text}})
`.trimStart();

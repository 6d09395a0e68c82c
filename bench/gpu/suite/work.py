"""Operations and bytes of workloads and of their training steps, by arithmetic; and the roofline of a device that was measured."""

BATCH = 2
WINDOW = 1024
_TAPS = 6 * 11
_TRAINING = '-training'


def training_of(workload):
    """The name under which forward and backward of a workload are timed."""
    return workload + _TRAINING


def is_training(workload):
    return workload.endswith(_TRAINING)


def _forward_of(workload):
    return workload[:-len(_TRAINING)] if is_training(workload) else workload


def visible_pairs(workload, length):
    """Pairs of a query and a key that it sees, of one head."""
    workload = _forward_of(workload)
    if workload.endswith('decode'):
        return length
    if workload == 'window':
        return sum(min(row + 1, WINDOW) for row in range(length))
    return length * (length + 1) // 2


def work(workload, heads, head_dim, length, queries):
    """
    Operations and bytes of one call. Plain attention takes 4 D operations for each pair of a query and a key that it sees; a
    convolution of 6 x 11 another 132, a mix of 16 heads another 32. Bytes: q, k, v and the output once, in 16 bits.
    A training step computes in its backward the scores once more, and two products for each of the forward: 10 D operations for a pair
    beside the 4 D, and three times the convolutions and mixes. It moves in its backward q, k, v, the output and its gradient, and
    three gradients. That is the least; what a form of ours does is counted from its kernels.
    """
    passes = is_training(workload)
    workload = _forward_of(workload)
    pairs = BATCH * heads * visible_pairs(workload, length)
    plain = 4 * head_dim * pairs
    extra = {'mta': 2 * _TAPS, 'mta-decode': 2 * _TAPS, 'mta-all': 4 * _TAPS + 4 * heads}.get(workload, 0)
    rows = 1 if workload.endswith('decode') else length
    moved = 2 * BATCH * heads * head_dim * (queries + 2 * length + rows)
    if passes:
        plain, extra, moved = 14 * head_dim * pairs, 4 * extra, 2 * BATCH * heads * head_dim * (6 * length + 6 * queries)
    return {'plain_operations': plain, 'operations': plain + extra * pairs, 'bytes': moved}


def roofline_ms(entry, ceilings):
    """The least milliseconds of a call: by operations at the rate of a product, or by bytes at that of a copy. None without ceilings."""
    if not ceilings.get('product_tflops') or not ceilings.get('copy_gbytes'):
        return None
    by_operations = entry['operations'] / (ceilings['product_tflops'] * 1e12)
    by_bytes = entry['bytes'] / (ceilings['copy_gbytes'] * 1e9)
    return max(by_operations, by_bytes) * 1e3

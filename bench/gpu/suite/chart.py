"""One SVG for a workload: TFLOP/s against T for all contenders, and the roofline; a panel for each head size."""
import math
from xml.sax.saxutils import escape

from .work import roofline_ms

_COLOURS = ('#1b6ca8', '#c8553d', '#2a9d5c', '#8250a8', '#b8860b', '#4d4d4d', '#d1478c', '#008b8b')
_WIDTH, _HEIGHT = 420, 300
_LEFT, _TOP, _BOTTOM = 52, 40, 44


def chart(workload, panels, ceilings, earlier=None):
    """
    `panels` are timed entries by head size, as are those of `earlier` results, which are dashed. TFLOP/s are those of plain attention,
    so that workloads compare.
    """
    earlier = earlier or {}
    every = [entry for entries in [*panels.values(), *earlier.values()] for entry in entries]
    names = list(dict.fromkeys(entry['contender'] for entry in every if 'median_ms' in entry))
    colours = {name: _COLOURS[n % len(_COLOURS)] for n, name in enumerate(names)}
    parts = []
    for place, (head_dim, entries) in enumerate(sorted(panels.items(), reverse=True)):
        lines = _lines(entries, '') + _lines(earlier.get(head_dim, []), '6 3')
        parts.append(_panel(place * _WIDTH, head_dim, lines, _roofline(entries, ceilings), colours))
    width, rows = max(1, len(panels)) * _WIDTH, -(-(len(names) + 1) // 3)
    height = _HEIGHT + 20 * rows + 8
    legend = [_legend_entry(n, name, colours.get(name, '#999'), name == 'roofline') for n, name in enumerate([*names, 'roofline'])]
    title = f'{workload}: TFLOP/s of plain attention against T' + (' (dashed: before)' if earlier else '')
    return '\n'.join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
            f'<rect width="{width}" height="{height}" fill="white"/>',
            f'<text x="8" y="18" font-size="14">{escape(title)}</text>',
            *parts,
            *legend,
            '</svg>',
        ]
    ) + '\n'


def _lines(entries, dashes):
    """(contender, points, dashes)."""
    found = {}
    for entry in entries:
        if 'median_ms' in entry:
            found.setdefault(entry['contender'], []).append((entry['length'], entry['plain_tflops']))
    return [(name, sorted(points), dashes) for name, points in found.items()]


def _roofline(entries, ceilings):
    points = {}
    for entry in entries:
        least = roofline_ms(entry, ceilings)
        if least:
            points[entry['length']] = entry['plain_operations'] / (least * 1e-3) * 1e-12
    return sorted(points.items())


def _panel(left, head_dim, lines, roofline, colours):
    points = [point for _, each, _ in lines for point in each] + roofline
    lengths = sorted({length for length, _ in points}) or [1024]
    most = _round_up(max([value for _, value in points], default=1.0))
    low, high = math.log2(lengths[0]), math.log2(lengths[-1])
    inner_width, inner_height = _WIDTH - _LEFT - 24, _HEIGHT - _TOP - _BOTTOM

    def x(length):
        return left + _LEFT + (0.5 if high == low else (math.log2(length) - low) / (high - low)) * inner_width

    def y(value):
        return _TOP + (1 - value / most) * inner_height

    parts = [f'<text x="{left + _LEFT}" y="{_TOP - 6}">D = {head_dim}</text>']
    for n in range(5):
        value = most * n / 4
        parts.append(f'<line x1="{left + _LEFT}" x2="{left + _LEFT + inner_width}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{left + _LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
    parts += [f'<text x="{x(length):.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{length}</text>' for length in lengths]
    for name, each, dashes in [*lines, ('roofline', roofline, '2 3')]:
        if not each:
            continue
        colour = colours.get(name, '#999')
        path = ' '.join(f'{x(length):.1f},{y(value):.1f}' for length, value in each)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.8" stroke-dasharray="{dashes or "none"}"/>')
        parts += [
            f'<circle cx="{x(length):.1f}" cy="{y(value):.1f}" r="2.6" fill="{colour}"><title>{escape(name)}, T = {length}: {value:.1f} TFLOP/s</title></circle>'
            for length, value in each
        ]
    return '\n'.join(parts)


def _legend_entry(n, name, colour, is_dotted):
    left, top = 12 + (n % 3) * 136, _HEIGHT + 12 + 20 * (n // 3)
    dashes = '2 3' if is_dotted else 'none'
    line = f'<line x1="{left}" x2="{left + 18}" y1="{top - 4}" y2="{top - 4}" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'
    return f'{line}<text x="{left + 24}" y="{top}">{escape(name)}</text>'


def _round_up(value):
    """A number with one digit, or one and a half, that is not less."""
    if value <= 0:
        return 1.0
    unit = 10 ** math.floor(math.log10(value))
    return next(step * unit for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * unit >= value)

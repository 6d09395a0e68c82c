"""Draws curves of training as an SVG of its own: every point that was measured, joined by straight lines, none smoothed."""
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 172, 48, 56
# Of Okabe and Ito: told apart by people who see colours differently, on light and dark.
_COLOURS = ('#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9')
_STYLE = """
  svg { background: #fff; font: 13px system-ui, sans-serif }
  text { fill: #222 } .axis { stroke: #666 } .grid { stroke: #ddd }
  @media (prefers-color-scheme: dark) {
    svg { background: #16181c } text { fill: #ddd } .axis { stroke: #999 } .grid { stroke: #33363c }
  }"""


def picture(title, curves, axis):
    """An SVG of {name: [(step, value from 0 to 1)]}; `axis` says what the values are."""
    last = max((step for points in curves.values() for step, _ in points), default=1) or 1
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def place(step, value):
        return f'{_LEFT + wide * step / last:.1f},{_TOP + high * (1 - value):.1f}'

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title, _QUOTE)}">',
        f'<style>{_STYLE}\n</style>',
        f'<text x="{_LEFT}" y="24" font-weight="600">{escape(title)}</text>',
    ]
    for tenth in range(0, 11, 2):
        y = _TOP + high * (1 - tenth / 10)
        lines.append(f'<path class="grid" d="M{_LEFT} {y:.1f}h{wide}"/>')
        lines.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10 * tenth} %</text>')
    for quarter in range(5):
        step = last * quarter / 4
        x = _LEFT + wide * quarter / 4
        lines.append(f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{step:g}</text>')
    lines += [
        f'<path class="axis" fill="none" d="M{_LEFT} {_TOP}v{high}h{wide}"/>',
        f'<text x="{_LEFT + wide / 2:.1f}" y="{_HEIGHT - 12}" text-anchor="middle">steps</text>',
        f'<text transform="translate(16 {_TOP + high / 2:.1f}) rotate(-90)" text-anchor="middle">{escape(axis)}</text>',
    ]
    for colour, (name, points) in zip(_COLOURS, curves.items()):
        if not points:
            continue
        path = ' '.join(place(step, value) for step, value in points)
        lines.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{path}"/>')
        y = _TOP + high * (1 - points[-1][1]) + 4
        label = f'{name}: {100 * points[-1][1]:.1f} %'
        lines.append(f'<text x="{_LEFT + wide + 8}" y="{y:.1f}" style="fill:{colour}">{escape(label)}</text>')
    return '\n'.join([*lines, '</svg>']) + '\n'


_QUOTE = {'"': '&quot;'}

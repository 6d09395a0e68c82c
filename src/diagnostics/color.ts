// The few terminal styles that diagnostics are shown in, by what they mark.
// Whether to use them is the caller's decision: nothing here looks at a terminal.

const codes = {
  error: [31, 39],
  warning: [33, 39],
  note: [36, 39],
  hint: [32, 39],
  gutter: [90, 39],
  strong: [1, 22],
} as const satisfies Record<string, readonly [on: number, off: number]>;

export type Style = keyof typeof codes;
export type Paint = (style: Style, text: string) => string;

/** How to style text when `color` is on; leaves text alone when it is off. */
export function painter(color: boolean): Paint {
  return (style, text) => (color ? `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m` : text);
}

// The source map of an emitted module: the module itself, and its WGSL as a file of its own, for the tools of browsers.
// What a bundler makes of the module, minified or not, so leads back to text that a person can read.

/** A source map of version 3. */
export interface SourceMap {
  readonly version: 3;
  readonly sources: string[];
  readonly sourcesContent: string[];
  readonly names: string[];
  readonly mappings: string;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A number in the digits of source maps: five bits each, the sign last, least first. */
function encoded(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let digits = '';
  do {
    const isLast = rest < 32;
    digits += DIGITS[(rest & 31) | (isLast ? 0 : 32)];
    rest >>>= 5;
  } while (rest > 0);
  return digits;
}

const WGSL_START = /^export const wgsl = `/;
const WGSL_END = '`;';

/**
 * @param name the name of the module without its ending
 * @param wgsl the text of its kernels, where it has some: it stands in the module line by line
 */
export function sourceMapOf(name: string, code: string, wgsl: string | undefined): SourceMap {
  const lines = code.split('\n');
  const start = wgsl === undefined ? -1 : lines.findIndex((line) => WGSL_START.test(line));
  const end = start < 0 ? -1 : lines.indexOf(WGSL_END, start);
  let [source, line] = [0, 0];
  const mappings = lines.map((_, place) => {
    const isWgsl = start <= place && place < end;
    const [nextSource, nextLine] = isWgsl ? [1, place - start] : [0, place];
    const segment = ['A', encoded(nextSource - source), encoded(nextLine - line), 'A'].join('');
    [source, line] = [nextSource, nextLine];
    return segment;
  });
  const hasWgsl = wgsl !== undefined && end > start;
  return {
    version: 3,
    sources: [`${name}.js`, ...(hasWgsl ? [`${name}.wgsl`] : [])],
    sourcesContent: [code, ...(hasWgsl ? [wgsl] : [])],
    names: [],
    mappings: mappings.join(';'),
  };
}

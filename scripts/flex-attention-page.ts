// Writes the table of docs/flex-attention.md from examples/flex-attention/: FlexAttention's functions and the specs side by side.
// test/scripts/flex-attention-page.test.ts compares the page with it; with `UPDATE_GOLDEN=1 vitest run test/scripts` it is written anew.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of examples/flex-attention/, as .ts and .py, in the order of the table. */
export const flexFiles = ['score-mods', 'mask-mods', 'calls'] as const;

export interface Snippet {
  readonly name: string;
  /** What the comment above a spec says; empty for a function. */
  readonly title: string;
  readonly text: string;
}

export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]|\d+(?=d$)/g, (letter) => `_${letter.toLowerCase()}`);

/** The specs of a file, each with the helpers that stand before it. */
export function exportsIn(text: string): readonly Snippet[] {
  const found = /((?:^\/\/ .*\n(?:.+\n)+\n)?)^\/\*\* (.*) \*\/\n(export const (\w+)(?:.*\n)(?:[ })].*\n)*)/gm;
  // The first two lines are the file's own.
  return Array.from(text.replace(/^(?:\/\/ .*\n)+/, '').matchAll(found), ([, helpers = '', title, spec, name]) => ({
    name: name!,
    title: title!,
    text: `${helpers}${spec!.trimEnd()}`,
  }));
}

/** The functions of a file. */
export function functionsIn(text: string): readonly Snippet[] {
  return Array.from(text.matchAll(/^def (\w+)\(.*\n(?:(?: .*)?\n)+/gm), ([whole, name]) => ({
    name: name!,
    title: '',
    text: whole.trimEnd(),
  }));
}

/** A table of HTML with blocks of code, which Markdown's own tables cannot hold. `folder` is examples/flex-attention. */
function tableOf(folder: string): string {
  const rows = flexFiles.flatMap((file) => {
    const functions = new Map(functionsIn(read(folder, `${file}.py`)).map((each) => [each.name, each]));
    const heading = `<tr><td colspan="2">\n\n**${titles[file]}** · [${file}.py](../examples/flex-attention/${file}.py) · [${file}.ts](../examples/flex-attention/${file}.ts)\n\n</td></tr>`;
    const specs = exportsIn(read(folder, `${file}.ts`)).map(({ name, title, text }) => {
      const { text: python } = functions.get(snakeCase(name))!;
      const cells = [cell(`${title}\n\n\`\`\`py\n${python}\n\`\`\``), cell(`\`${name}\`\n\n\`\`\`ts\n${text}\n\`\`\``)];
      return `<tr>\n${cells.join('\n')}\n</tr>`;
    });
    return [heading, ...specs];
  });
  return `<table>\n<tr><th>FlexAttention</th><th>Heddle</th></tr>\n${rows.join('\n')}\n</table>`;
}

const titles: Readonly<Record<(typeof flexFiles)[number], string>> = {
  'score-mods': 'score_mod',
  'mask-mods': 'mask_mod',
  calls: 'More than mods',
};

const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

const cell = (markdown: string): string => `<td valign="top">\n\n${markdown}\n\n</td>`;

/** The page with its table written anew. */
export function flexAttentionPage(page: string, folder: string): string {
  const between = /(<!-- table -->\n)[\s\S]*(<!-- end of table -->)/;
  return page.replace(between, (_, start: string, end: string) => `${start}${tableOf(folder)}\n${end}`);
}

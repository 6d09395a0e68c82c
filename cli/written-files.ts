// What a command says of the files that it has written: their paths and sizes, for programs and for people.
// Paths start with the folder that was asked for.
import { renderTable } from '../driver/table.js';
import { joinInside } from '../src/file-names.js';

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
}

export const writtenFiles = (
  folder: string,
  files: readonly (readonly [name: string, content: string])[],
): readonly WrittenFile[] =>
  files.map(([name, content]) => ({ path: joinInside(folder, name), bytes: Buffer.byteLength(content) }));

/** A line a file, with its size. */
export function filesTable(files: readonly WrittenFile[]): string {
  const sizes = files.map(({ path, bytes }) => ['', path, `${bytes} bytes`]);
  return renderTable(['', '', ''], sizes, ['left', 'left', 'right']);
}

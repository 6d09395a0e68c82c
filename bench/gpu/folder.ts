// The folder that is prepared: files are written to it by paths relative to it, as its description has them; and how large it is,
// as it travels whole.
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export class FolderWriter {
  readonly out: string;

  constructor(out: string) {
    this.out = out;
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.out, path)), { recursive: true });
    writeFileSync(join(this.out, path), content);
  }
}

/** Bytes of all files of a folder. */
export const sizeOf = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(path) : entry.isFile() ? statSync(path).size : 0);
  }, 0);

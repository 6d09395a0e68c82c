// What a study has done so far, a file for each piece of work under a key of its content: nothing that is done is done again.
// Each is written whole, so that whoever ends the study at any moment loses what was under way and no more.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../driver/files.js';

export class Journal {
  private readonly folder: string;

  constructor(out: string) {
    this.folder = join(out, 'work');
  }

  /** Whether anything was done here before. */
  get isEmpty(): boolean {
    return !existsSync(this.folder) || readdirSync(this.folder).length === 0;
  }

  /** What was kept under a key; undefined where nothing was, or what is there cannot be read. */
  read<Result>(key: string): Result | undefined {
    try {
      return JSON.parse(readFileSync(this.pathOf(key), 'utf8')) as Result;
    } catch {
      return undefined;
    }
  }

  /** @throws HeddleError HD411x where the folder cannot be written to. */
  keep(key: string, result: unknown): void {
    writeFileAtomically(this.pathOf(key), JSON.stringify(result));
  }

  private pathOf(key: string): string {
    return join(this.folder, `${key}.json`);
  }
}

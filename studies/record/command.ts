// The command line that gives a record, as one would type it: what changes the record, and nothing of how it was run.
// So a study that was interrupted, or run by more processes, has the same record.

export interface AskedCommand {
  readonly file: string;
  readonly export: string | undefined;
  readonly targets: readonly string[];
  readonly devices: readonly string[];
  readonly backward: boolean;
  readonly only: string | undefined;
  readonly training: string | undefined;
  readonly rounds: number;
  readonly seed: number;
  readonly margin: number;
}

export function commandOf({ file, targets, devices, backward, rounds, seed, margin, ...asked }: AskedCommand): string {
  const words = [
    ...['heddle', 'ablate', file],
    ...(asked.export === undefined ? [] : ['--export', asked.export]),
    ...targets.flatMap((name) => ['--target', name]),
    ...devices.flatMap((name) => ['--device', name]),
    ...(backward ? ['--backward'] : []),
    ...(asked.only === undefined ? [] : ['--only', asked.only]),
    ...(asked.training === undefined ? [] : ['--training', asked.training]),
    ...['--rounds', String(rounds), '--seed', String(seed), '--margin', String(margin)],
  ];
  return words.map((word) => (/^[\w./,:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

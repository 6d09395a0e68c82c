// The terminal that the program writes to: when there is colour, when there is progress, and what a closed pipe does.
// Streams are stood in for by ones that say they are terminals.
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { startProgress } from '../../cli/progress.js';
import { processTerminal, type Streams } from '../../cli/terminal.js';

function terminalOf({ isTTY, env = {} }: { isTTY: boolean; env?: NodeJS.ProcessEnv }) {
  const stream = () => Object.assign(new PassThrough(), { isTTY, columns: 50 }) as unknown as NodeJS.WriteStream;
  const atExit: (() => void)[] = [];
  const streams: Streams = {
    stdout: stream(),
    stderr: stream(),
    env,
    once: (_event, listener) => atExit.push(listener),
  };
  const { stdout, stderr } = streams;
  return { stdout, stderr, streams, exit: () => atExit.at(-1)?.(), terminal: processTerminal(streams) };
}

describe('colour and progress', () => {
  test('are for terminals', () => {
    expect(terminalOf({ isTTY: true }).terminal).toMatchObject({ colorOut: true, colorErr: true, columns: 50 });
    expect(terminalOf({ isTTY: false }).terminal).toMatchObject({ colorOut: false, colorErr: false });
    expect(terminalOf({ isTTY: false }).terminal.columns).toBeUndefined();
  });

  test('colour is off with NO_COLOR, unless it is empty', () => {
    const withNoColor = (value: string) => terminalOf({ isTTY: true, env: { NO_COLOR: value } }).terminal;
    for (const value of ['1', '0', 'yes'])
      expect(withNoColor(value)).toMatchObject({ colorOut: false, colorErr: false });
    expect(withNoColor('')).toMatchObject({ colorOut: true, colorErr: true });
  });

  test('both are off on a dumb terminal', () => {
    const { terminal } = terminalOf({ isTTY: true, env: { TERM: 'dumb' } });
    expect(terminal).toMatchObject({ colorOut: false, colorErr: false });
    expect(terminal.columns).toBeUndefined();
  });

  test('the bar stays within one line and leaves none behind', () => {
    const { terminal, stderr } = terminalOf({ isTTY: true });
    const progress = startProgress(terminal);
    progress.show(1, 2, 'a spec with a name that is far too long for a terminal of this width');
    progress.end();
    const [, bar, nothing] = String(stderr.read()).split('\r\u001b[2K');
    expect(bar).toMatch(/^█{12}░{12} 1\/2 a spec with/);
    expect(bar!.length).toBeLessThan(50);
    expect(nothing).toBe('');
  });
});

describe('a reader that goes away', () => {
  test('ends the output quietly', () => {
    const { terminal, stdout } = terminalOf({ isTTY: false });
    terminal.out('one');
    stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    terminal.out('two');
    expect(String(stdout.read())).toBe('one');
  });

  test('does not hide another failure', async () => {
    const { stdout, stderr, exit, streams } = terminalOf({ isTTY: false });
    const failure = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    stdout.emit('error', failure);
    stdout.emit('error', failure);
    exit();
    expect(streams.exitCode).toBe(2);
    const [said] = (await once(stderr, 'data')) as [Buffer];
    expect(String(said).match(/error\[HD4117\]: standard output cannot be written: no space/g)).toHaveLength(1);
  });
});

// Worker processes: frames over pipes, crashes, last words, waiting, and the end.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { decoder, encode, type Message } from '../../../targets/shared/device/frames.js';
import type { WorkerFailure } from '../../../targets/shared/device/worker-failure.js';
import { workerProcess } from '../../../targets/shared/device/worker-process.js';
import { filesOfTar } from '../../../targets/wgsl/device/tar.js';
import { root } from '../../packaging/pack.js';

describe('frames', () => {
  const messages: Message[] = [
    { header: { text: 'größer' }, payloads: [] },
    { header: {}, payloads: [new Uint8Array(0), Uint8Array.of(1, 2, 3), new Uint8Array(0)] },
    { header: { nested: [1, { two: 2 }] }, payloads: [new Uint8Array(1000).fill(7)] },
  ];
  const stream = Buffer.concat(messages.flatMap((message) => encode(message)));

  test.each([1, 3, 8, 13, 100, 100_000])('come out as they went in, in chunks of %i bytes', (size) => {
    const received: Message[] = [];
    const read = decoder((message) => received.push(message));
    for (let at = 0; at < stream.length; at += size) read(stream.subarray(at, at + size));
    expect(received).toEqual(messages);
  });

  test('are told from anything else', () => {
    const read = decoder(() => {});
    expect(() => read(new TextEncoder().encode('a driver says hello'))).toThrow('no frame');
  });
});

describe('tar archives', () => {
  /** One entry: header and contents in blocks of 512 bytes. */
  function entry(name: string, contents: string, type = '0'): Buffer {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(contents.length.toString(8).padStart(11, '0'), 124);
    header.write(type, 156);
    const body = Buffer.alloc(Math.ceil(contents.length / 512) * 512);
    body.write(contents);
    return Buffer.concat([header, body]);
  }

  test('give their regular files', () => {
    const long = 'x'.repeat(600);
    const archive = Buffer.concat([entry('./a', 'one'), entry('dir', '', '5'), entry('b', long), Buffer.alloc(1024)]);
    const files = filesOfTar(archive);
    expect([...files].map(([name, data]) => [name, Buffer.from(data).toString()])).toEqual([
      ['a', 'one'],
      ['b', long],
    ]);
  });

  test('that are cut off are noticed', () => {
    expect(() => filesOfTar(entry('a', 'x'.repeat(600)).subarray(0, 600))).toThrow('ends within a');
  });
});

describe('workers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-workers-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A worker that does what the header's `act` says. */
  const script = join(folder, 'worker.mjs');
  writeFileSync(
    script,
    `import { decoder, encode } from ${JSON.stringify(pathToFileURL(join(root, 'targets/shared/device/frames.js')).href)};
    const send = (message) => { for (const chunk of encode(message)) process.stdout.write(chunk); };
    const acts = {
      echo: send,
      exit: () => { console.error('these are my last words'); process.exit(3); },
      babble: () => process.stdout.write('no frame, surely'),
      sleep: () => {},
      lose: () => send({ header: { problem: { kind: 'lost', text: 'gone' } }, payloads: [] }),
    };
    send({ header: { pid: process.pid }, payloads: [] });
    const receive = decoder((message) => acts[message.header.act](message));
    for await (const chunk of process.stdin) receive(chunk);`,
  );
  const start = (timeout = 30_000) => workerProcess({ file: process.execPath, arguments: [script] }, { timeout });
  const problemOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: WorkerFailure) => error.problem,
    );
  const act = (name: string, payloads: Uint8Array[] = []) => ({ header: { act: name }, payloads });

  test('answer in turn, from one process', async () => {
    const worker = start();
    const { pid } = await worker.greeting();
    const payload = (value: number) => new Uint8Array(100_000).fill(value);
    const replies = await Promise.all([1, 2, 3].map((value) => worker.ask(act('echo', [payload(value)]))));
    expect(replies.map(({ payloads }) => payloads[0])).toEqual([1, 2, 3].map(payload));
    expect((await worker.greeting())['pid']).toBe(pid);
    await worker.close();
    expect(() => process.kill(pid as number, 0)).toThrow();
  });

  test('that end leave their last words, and only their own request fails', async () => {
    const worker = start();
    const before = (await worker.greeting())['pid'];
    const [echo, exit, after] = [worker.ask(act('echo')), problemOf(worker.ask(act('exit'))), worker.ask(act('echo'))];
    expect((await echo).header).toEqual({ act: 'echo' });
    expect(await exit).toEqual({
      kind: 'crash',
      text: 'the worker process ended with code 3: these are my last words',
    });
    expect((await after).header).toEqual({ act: 'echo' });
    expect((await worker.greeting())['pid']).not.toBe(before);
    await worker.close();
  });

  test('that lose their device, babble or fall asleep are replaced', async () => {
    const worker = start(1000);
    expect(await problemOf(worker.ask(act('lose')))).toEqual({ kind: 'lost', text: 'gone' });
    expect(await problemOf(worker.ask(act('babble')))).toMatchObject({ kind: 'crash' });
    expect(await problemOf(worker.ask(act('sleep')))).toEqual({ kind: 'timeout', text: 'no answer after 1 seconds' });
    expect((await worker.ask(act('echo'))).header).toEqual({ act: 'echo' });
    await worker.close();
  });

  test('that cannot be started say so', async () => {
    const worker = workerProcess({ file: join(folder, 'missing'), arguments: [] }, { timeout: 1000 });
    expect(await problemOf(worker.greeting())).toMatchObject({
      kind: 'crash',
      text: expect.stringContaining('ENOENT'),
    });
    await worker.close();
  });
});

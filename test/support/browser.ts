// A headless Chromium, driven by the DevTools protocol over pipes: the browser that npm brings, unpacked once a machine.
// It says what went wrong in a page: every message of its console, every exception, every request.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import packed from '@sparticuz/chromium';
import type { TestedDevice } from './devices.js';

export const chromium: TestedDevice = {
  name: 'chromium',
  availability: async () => {
    const machine = `${process.platform} on ${process.arch}`;
    if (machine !== 'linux on x64') {
      const why = `the browser of npm is for Linux on x64, and this is ${machine}`;
      return { available: false, why, remedy: 'run this test on such a machine' };
    }
    const { status, stdout, stderr } = spawnSync(await packed.executablePath(), ['--version'], { encoding: 'utf8' });
    if (status === 0) return { available: true, detail: stdout.trim() };
    return { available: false, why: `the browser of npm does not start here: ${stderr.trim()}`, remedy: 'npm ci' };
  },
};

type Message = { readonly [key: string]: unknown };

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export class Browser {
  private readonly process: ChildProcess;
  private readonly profile: string;
  private readonly input: Writable;
  private readonly waiting = new Map<number, { done: (result: Message) => void; failed: (error: Error) => void }>();
  private readonly listeners = new Set<(session: string, method: string, parameters: Message) => void>();
  private next = 0;

  private constructor(process: ChildProcess, profile: string) {
    this.process = process;
    this.profile = profile;
    this.input = process.stdio[3] as Writable;
    let rest = '';
    (process.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop()!;
      for (const message of messages) this.receive(JSON.parse(message) as Message);
    });
    process.on('exit', () => {
      for (const { failed } of this.waiting.values()) failed(new Error('the browser ended'));
    });
  }

  /** With WebGPU it has the software device that it brings; without, none. */
  static async start({ webgpu = false }: { readonly webgpu?: boolean } = {}): Promise<Browser> {
    const path = await packed.executablePath();
    const profile = mkdtempSync(join(tmpdir(), 'heddle-browser-'));
    const fonts = join(tmpdir(), 'fonts');
    const process_ = spawn(
      path,
      [
        '--headless=shell',
        '--no-sandbox',
        '--no-zygote',
        ...(webgpu ? ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'] : ['--disable-gpu']),
        '--disable-dev-shm-usage',
        '--font-render-hinting=none',
        '--remote-debugging-pipe',
        `--user-data-dir=${profile}`,
        'about:blank',
      ],
      {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...(existsSync(fonts) ? { FONTCONFIG_PATH: fonts } : {}) },
      },
    );
    return new Browser(process_, profile);
  }

  async page(): Promise<Page> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(this, String(sessionId));
    await page.enable();
    return page;
  }

  /** The milliseconds that its processes have computed. */
  async processorTime(): Promise<number> {
    const { processInfo } = await this.send('SystemInfo.getProcessInfo');
    return (processInfo as { cpuTime: number }[]).reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, 0);
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    await this.send('Browser.close').catch(() => this.process.kill());
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  listen(session: string, listener: (method: string, parameters: Message) => void): void {
    this.listeners.add((of, method, parameters) => {
      if (of === session) listener(method, parameters);
    });
  }

  send(method: string, params: Message = {}, sessionId?: string): Promise<Message> {
    this.next += 1;
    const id = this.next;
    this.input.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    return new Promise((done, failed) => this.waiting.set(id, { done, failed }));
  }

  private receive(message: Message): void {
    const waiting = this.waiting.get(Number(message['id']));
    if (waiting !== undefined) {
      this.waiting.delete(Number(message['id']));
      const error = message['error'] as { message: string } | undefined;
      if (error === undefined) waiting.done((message['result'] ?? {}) as Message);
      else waiting.failed(new Error(error.message));
      return;
    }
    for (const listener of this.listeners) {
      listener(String(message['sessionId']), String(message['method']), (message['params'] ?? {}) as Message);
    }
  }
}

const keyCodes: Readonly<Record<string, number>> = {
  Enter: 13,
  Escape: 27,
  ' ': 32,
  Tab: 9,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
};

export class Page {
  /** Messages of the console, exceptions and violations of the page's policy. */
  readonly messages: string[] = [];
  private readonly sent = new Map<string, string>();
  private readonly browser: Browser;
  private readonly session: string;
  private loaded: () => void = () => {};

  constructor(browser: Browser, session: string) {
    this.browser = browser;
    this.session = session;
    browser.listen(session, (method, parameters) => {
      if (method === 'Page.loadEventFired') this.loaded();
      if (method === 'Network.requestWillBeSent') {
        this.sent.set(String(parameters['requestId']), (parameters['request'] as { url: string }).url);
      }
      // What the page's policy forbids is announced, and never leaves.
      if (method === 'Network.loadingFailed' && parameters['blockedReason'] === 'csp') {
        this.sent.delete(String(parameters['requestId']));
      }
      if (
        method === 'Runtime.exceptionThrown' ||
        method === 'Runtime.consoleAPICalled' ||
        method === 'Log.entryAdded'
      ) {
        this.messages.push(JSON.stringify(parameters));
      }
    });
  }

  /** The addresses of all requests, that of the document itself included. */
  get requests(): readonly string[] {
    return [...this.sent.values()];
  }

  async enable(): Promise<void> {
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await this.send(`${domain}.enable`);
  }

  send(method: string, parameters: Message = {}): Promise<Message> {
    return this.browser.send(method, parameters, this.session);
  }

  async open(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => {
      this.loaded = resolve;
    });
    const { loaderId } = await this.send('Page.navigate', { url });
    // Where only the hash is another, the document stays.
    if (loaderId !== undefined) await loaded;
    if (url !== 'about:blank') await this.until(`document.documentElement.dataset.ready === 'true'`);
  }

  async look(width: number, theme: 'light' | 'dark', height = 900): Promise<void> {
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    await this.send('Emulation.setEmulatedMedia', {
      features: [
        { name: 'prefers-color-scheme', value: theme },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ],
    });
  }

  /** The value of an expression in the page, promises awaited. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const reply = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    const exception = reply['exceptionDetails'] as { exception?: { description?: string }; text: string } | undefined;
    if (exception !== undefined) throw new Error(exception.exception?.description ?? exception.text);
    return (reply['result'] as { value: Value }).value;
  }

  async until(condition: string): Promise<void> {
    for (let tries = 0; tries < 400; tries += 1) {
      if (await this.evaluate<boolean>(condition)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`never came true: ${condition}`);
  }

  async boxOf(selector: string): Promise<Box> {
    return this.evaluate<Box>(`(() => {
      const found = document.querySelector(${JSON.stringify(selector)});
      found.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { x, y, width, height } = found.getBoundingClientRect();
      return { x, y, width, height };
    })()`);
  }

  async move(x: number, y: number): Promise<void> {
    await this.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y });
  }

  async click(x: number, y: number): Promise<void> {
    await this.move(x, y);
    for (const type of ['mousePressed', 'mouseReleased']) {
      await this.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
    }
  }

  /** Moves the mouse to the middle of the element, and presses it where that is asked for. */
  async mouse(selector: string, action: 'move' | 'click'): Promise<void> {
    const { x, y, width, height } = await this.boxOf(selector);
    await this[action](x + width / 2, y + height / 2);
  }

  async press(key: string): Promise<void> {
    const code = { key, windowsVirtualKeyCode: keyCodes[key] ?? key.toUpperCase().charCodeAt(0) };
    const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', ...code, ...(text === undefined ? {} : { text }) });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...code });
  }

  async screenshot(isWhole = false): Promise<Buffer> {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: isWhole });
    return Buffer.from(String(data), 'base64');
  }
}

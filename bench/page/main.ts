// The script of bench/browser.html: looks for a device, asks what to measure, measures it and shows what was found.
// The measuring itself is that of the command line; here are the page around it, its clocks and its file.
import type { BenchDtype, PackedWorkload } from '../workloads.js';
import { element, written } from './elements.js';
import { fileOf, type PageFile } from './file.js';
import { type Found, measureInPage, type Progress } from './measuring.js';
import { type OpenedGpu, openGpu } from './opening.js';
import { meaningOf, tableElement } from './tables.js';

/** What is measured unless somebody wishes otherwise. */
const usual = new Set(['plain-64', 'plain-decode-64', 'convolution', 'decode']);

interface Built {
  readonly built: PageFile['built'];
  readonly workloads: readonly PackedWorkload[];
}

async function start(): Promise<void> {
  const opened = await openGpu();
  element('device').textContent = opened.text;
  if ('missing' in opened) {
    element('device').classList.add('bad');
    return;
  }
  const built = (await (await fetch('./workloads.json')).json()) as Built;
  showChoices(built.workloads, opened);
  const form = element<HTMLFormElement>('wish');
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void run(form, built, opened);
  });
}

function showChoices(workloads: readonly PackedWorkload[], { shared }: OpenedGpu): void {
  const titles = new Map(workloads.map(({ name, title }) => [name, title]));
  for (const [name, title] of titles) {
    const box = written('input', { type: 'checkbox', name: 'workload', value: name });
    box.checked = usual.has(name) || titles.size === 1;
    element('workloads').append(written('label', {}, box, capitalised(title)));
  }
  if (shared.device.features.has('shader-f16')) return;
  element('wish').querySelector<HTMLInputElement>('input[value="f16"]')!.disabled = true;
  element('no-f16').textContent = '(this GPU or browser has no shader-f16)';
}

async function run(form: HTMLFormElement, { built, workloads }: Built, opened: OpenedGpu): Promise<void> {
  const stopping = new AbortController();
  const buttons = { run: element<HTMLButtonElement>('run'), stop: element<HTMLButtonElement>('stop') };
  const stop = (): void => stopping.abort();
  buttons.run.disabled = true;
  buttons.stop.disabled = false;
  buttons.stop.addEventListener('click', stop);
  element('progress').hidden = false;
  const bar = element<HTMLProgressElement>('bar');
  const showProgress = ({ done, of, doing }: Progress): void => {
    bar.max = Math.max(of, 1);
    bar.value = done;
    element('doing').textContent = doing;
  };
  try {
    const fields = new FormData(form);
    const asked = {
      workloads: workloads.filter(
        ({ name, dtype }) => fields.getAll('workload').includes(name) && fields.getAll('dtype').includes(dtype),
      ),
      lengths: { lengths: numbersOf(fields.get('lengths')), keys: numbersOf(fields.get('keys')) },
      repeats: Number(fields.get('rounds')),
    };
    const found = await measureInPage(opened, asked, {
      signal: stopping.signal,
      progress: showProgress,
      found: (each) => show(each, opened, built),
    });
    const end = found.measured.length === 0 ? 'Nothing was measured.' : 'Done.';
    if (stopping.signal.aborted) element('doing').textContent = 'Stopped.';
    else showProgress({ done: 1, of: 1, doing: end });
  } catch (error) {
    element('doing').textContent = `It went wrong: ${(error as Error).message}`;
  } finally {
    buttons.run.disabled = false;
    buttons.stop.disabled = true;
    buttons.stop.removeEventListener('click', stop);
  }
}

let address = '';

function show(found: Found, opened: OpenedGpu, built: PageFile['built']): void {
  const file = fileOf(found, opened, built);
  element('results').hidden = false;
  element('meaning').textContent = meaningOf(file);
  const pairs = [...new Set(file.results.map(({ workload, dtype }) => `${workload} ${dtype}`))];
  element('tables').replaceChildren(
    ...pairs.map((pair) => {
      const [workload, dtype] = pair.split(' ') as [string, BenchDtype];
      return tableElement(file, { workload, dtype, title: capitalised(found.titles.get(workload) ?? workload) });
    }),
  );
  URL.revokeObjectURL(address);
  address = URL.createObjectURL(new Blob([`${JSON.stringify(file, undefined, 1)}\n`], { type: 'application/json' }));
  element<HTMLAnchorElement>('save').href = address;
}

/** Whole numbers from 1 up out of what somebody has typed. @throws Error where there is something else. */
function numbersOf(typed: FormDataEntryValue | null): readonly number[] {
  const words = String(typed)
    .split(/[\s,;]+/)
    .filter(Boolean);
  const wrong = words.find((each) => !/^[1-9]\d{0,5}$/.test(each));
  if (wrong !== undefined) throw new Error(`${wrong} is no length: give whole numbers with commas between them`);
  return words.map(Number);
}

const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

await start().catch((error: Error) => {
  element('device').textContent = `The page does not start: ${error.message}`;
  element('device').classList.add('bad');
});
document.documentElement.dataset['ready'] = 'true';

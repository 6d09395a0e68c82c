// The worker of the playground: answers the questions of the page one after another, the newest of a kind in place of older ones.
// The page has two of them: one compiles, the other answers the editor while the first is busy.
import { type Editor, specEditor } from '../../dsl/frontend/editor.js';
import { showingOf } from '../../report/pictures/showing.js';
import type { Graph } from '../../src/ir/index.js';
import type { ExchangeKind, Exchanges, Question, Reply } from '../shared/protocol.js';
import { panelOf } from './panels.js';
import { runSpec } from './run.js';
import { marksOf, openText } from './spec.js';

/** Of a dedicated worker, as much as is used here. */
interface Scope {
  postMessage(message: Reply): void;
  onmessage: ((event: { readonly data: Question }) => void) | null;
}

const scope = globalThis as unknown as Scope;

/** The spec that compiled last. */
let graph: Graph | undefined;
let editor: Editor | undefined;

const editorOf = (): Editor => {
  editor ??= specEditor();
  return editor;
};

const compiled = (): Graph => {
  if (graph === undefined) throw new Error('there is no spec that compiles yet');
  return graph;
};

type Answers = {
  readonly [Kind in ExchangeKind]: (
    request: Exchanges[Kind]['request'],
    onProgress: (text: string) => void,
  ) => Promise<Exchanges[Kind]['answer']>;
};

const answers: Answers = {
  open: async (request) => {
    const opened = await openText(request);
    graph = opened.graph ?? graph;
    return opened.answer;
  },
  panel: (request) => panelOf(compiled(), request),
  maps: async ({ tokens }) => showingOf([{ name: compiled().name, graph: compiled() }], { tokens }),
  run: (request, onProgress) => runSpec(compiled(), request, onProgress),
  complete: async ({ text, position }) => editorOf().complete(text, position),
  hover: async ({ text, position }) => editorOf().hover(text, position),
};

const waiting: Question[] = [];
let isBusy = false;

scope.onmessage = ({ data }) => {
  // A later question of the same kind makes those before it needless.
  for (const each of waiting.filter(({ request }) => request.kind === data.request.kind)) {
    waiting.splice(waiting.indexOf(each), 1);
    scope.postMessage({ id: each.id, skipped: true });
  }
  waiting.push(data);
  if (!isBusy) void work();
};

async function work(): Promise<void> {
  isBusy = true;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { id, request } = next;
    const onProgress = (progress: string): void => scope.postMessage({ id, progress });
    try {
      const answer = await (answers[request.kind] as (request: unknown, onProgress: unknown) => Promise<unknown>)(
        request,
        onProgress,
      );
      scope.postMessage({ id, answer });
    } catch (error) {
      scope.postMessage({
        id,
        failure: marksOf(error)
          .map(({ rendered }) => rendered)
          .join('\n'),
      });
    }
    // What has been asked meanwhile is heard before the next is begun.
    await new Promise((resolve) => setTimeout(resolve));
  }
  isBusy = false;
}

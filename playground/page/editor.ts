// The editor of the spec: CodeMirror with TypeScript's completions and types, and the compiler's marks as squiggles.
// Tab leaves the editor, as everywhere else in the page; Ctrl-Space completes.
import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { javascript } from '@codemirror/lang-javascript';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import { EditorView, hoverTooltip } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import type { Completions, Hover, Mark, MarkedPlace } from '../shared/protocol.js';

/** What the editor asks and tells. */
export interface EditorHost {
  readonly changed: (text: string) => void;
  readonly complete: (text: string, position: number, isExplicit: boolean) => Promise<Completions | undefined>;
  readonly hover: (text: string, position: number) => Promise<Hover | undefined>;
}

export interface SpecEditor {
  readonly text: () => string;
  /** Replaces the text, and tells nobody. */
  readonly write: (text: string) => void;
  readonly mark: (marks: readonly Mark[]) => void;
  /** Puts the cursor there, and the focus. */
  readonly goTo: (place: MarkedPlace) => void;
}

/** The colours of code, by the page's variables: they follow its theme. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.regexp], color: 'var(--code-text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: [tags.comment], color: 'var(--faint)', fontStyle: 'italic' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.typeName, tags.className], color: 'var(--code-type)' },
]);

export function openEditor(parent: HTMLElement, first: string, host: EditorHost): SpecEditor {
  let isOurs = false;
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: first,
      extensions: [
        basicSetup,
        javascript({ typescript: true }),
        syntaxHighlighting(colours),
        lintGutter(),
        autocompletion({ override: [(context) => completionsAt(context, host)] }),
        hoverTooltip((at, position) => typeAt(at, position, host), { hideOnChange: true }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': 'The spec, in TypeScript', tabindex: '0' }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged && !isOurs) host.changed(state.doc.toString());
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    write: (text) => {
      if (text === view.state.doc.toString()) return;
      isOurs = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      isOurs = false;
    },
    mark: (marks) =>
      view.dispatch(
        setDiagnostics(
          view.state,
          marks.flatMap((mark) => diagnosticOf(mark, view.state.doc)),
        ),
      ),
    goTo: (place) => {
      const { from } = rangeOf(place, view.state.doc);
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      view.focus();
    },
  };
}

async function completionsAt(context: CompletionContext, host: EditorHost): Promise<CompletionResult | null> {
  const before = context.matchBefore(/[.\w$]+/);
  if (!context.explicit && (before === null || !/[.A-Za-z_$]$/.test(before.text))) return null;
  const found = await host.complete(context.state.doc.toString(), context.pos, context.explicit).catch(() => undefined);
  if (found === undefined || context.aborted) return null;
  return {
    from: found.from,
    validFor: /^[\w$]*$/,
    options: found.options.map(({ label, kind, detail }, n) => ({
      label,
      type: kind,
      boost: -n / 10,
      ...(detail === undefined ? {} : { detail }),
    })),
  };
}

async function typeAt(view: EditorView, position: number, host: EditorHost) {
  const found = await host.hover(view.state.doc.toString(), position).catch(() => undefined);
  if (found === undefined) return null;
  const { from, to, type, documentation } = found;
  return {
    pos: from,
    end: to,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'hover-type';
      const code = document.createElement('code');
      code.textContent = type;
      const words = document.createElement('p');
      words.textContent = documentation;
      dom.append(code, ...(documentation === '' ? [] : [words]));
      return { dom };
    },
  };
}

function diagnosticOf({ severity, code, message, hint, place }: Mark, text: Text): readonly Diagnostic[] {
  if (place === undefined) return [];
  const { from, to } = rangeOf(place, text);
  return [{ from, to: Math.max(to, from), severity, source: code, message: `${message}\n${hint}` }];
}

/** A place may be of a text that has been edited since: it ends where the text does. */
function rangeOf({ line, column, endLine, endColumn }: MarkedPlace, text: Text) {
  const at = (row: number, offset: number): number => {
    const found = text.line(Math.min(Math.max(row, 1), text.lines));
    return Math.min(found.from + offset - 1, found.to);
  };
  return { from: at(line, column), to: at(endLine, endColumn) };
}

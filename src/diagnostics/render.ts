// Diagnostics as people read them in a terminal, and as programs read them in JSON.
// Everything that is shown comes from the diagnostic; looking up source text is the work of whoever raised it.
import type { CatalogueEntry } from './catalogue/entry.js';
import { type Code, catalogue } from './catalogue/index.js';
import { colorFrame } from './code-frame.js';
import { type Paint, painter } from './color.js';
import type { Diagnostic, HeddleError, SourceSpan } from './diagnostic.js';
import { printable } from './printable.js';

export interface RenderOptions {
  readonly color?: boolean;
}

/** A diagnostic in plain JSON values. Optional fields are absent, never null. */
export interface DiagnosticJson extends Diagnostic {
  readonly severity: Severity;
  readonly title: string;
}

/**
 * The diagnostic as a paragraph without a line end at its end:
 *
 *     error[HD1003]: what is wrong
 *       --> spec.ts:2:7
 *       1 | the line before
 *     > 2 | const line = at.fault
 *         |       ^^^^
 *     hint: what to do
 */
export function renderDiagnostic(diagnostic: Diagnostic, { color = false }: RenderOptions = {}): string {
  const paint = painter(color);
  const { code, message, hint, related = [] } = diagnostic;
  const severity = severityOf(code);
  return [
    `${paint(severity, `${severity}[${code}]`)}${paint('strong', `: ${printable(message)}`)}`,
    ...renderPlace(diagnostic, color, paint),
    `${paint('hint', 'hint')}: ${printable(hint)}`,
    ...related.flatMap((note) => [
      `${paint('note', 'note')}: ${printable(note.message)}`,
      ...renderPlace(note, color, paint),
    ]),
  ].join('\n');
}

/** Whether a diagnostic stops what was asked for, or is printed beside its result. */
export type Severity = 'error' | 'warning';

export function severityOf(code: Code): Severity {
  const { severity }: Pick<CatalogueEntry<unknown>, 'severity'> = catalogue[code];
  return severity ?? 'error';
}

/** All diagnostics of an error, with an empty line between them. */
export function renderError(error: HeddleError, options: RenderOptions = {}): string {
  return error.diagnostics.map((each) => renderDiagnostic(each, options)).join('\n\n');
}

/** The diagnostic with its severity and title, its keys always in the same order. */
export function toJson(diagnostic: Diagnostic): DiagnosticJson {
  const { code, message, hint, span, frame, related } = diagnostic;
  return {
    severity: severityOf(code),
    code,
    title: catalogue[code].title,
    message,
    hint,
    ...(span === undefined ? {} : { span: spanJson(span) }),
    ...frameJson(frame),
    ...(related === undefined
      ? {}
      : {
          related: related.map((note) => ({
            message: note.message,
            span: spanJson(note.span),
            ...frameJson(note.frame),
          })),
        }),
  };
}

interface MaybePlace {
  readonly span?: SourceSpan | undefined;
  readonly frame?: string | undefined;
}

function renderPlace({ span, frame }: MaybePlace, color: boolean, paint: Paint): string[] {
  return [
    ...(span === undefined ? [] : [`  ${paint('gutter', '-->')} ${printable(span.file)}:${span.line}:${span.column}`]),
    ...(frame === undefined ? [] : [colorFrame(frame, color)]),
  ];
}

function frameJson(frame: string | undefined): { frame?: string } {
  return frame === undefined ? {} : { frame };
}

function spanJson({ file, line, column, endLine, endColumn }: SourceSpan): SourceSpan {
  return { file, line, column, endLine, endColumn };
}

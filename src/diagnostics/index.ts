// The face of the diagnostics: the catalogue of codes, diagnostics and how they are shown.
export { type Code, catalogue, type Details, sections } from './catalogue/index.js';
export { type CodeFrameOptions, codeFrame } from './code-frame.js';
export { type Diagnostic, diagnostic, fail, HeddleError, type SourceSpan } from './diagnostic.js';
export { nearest } from './nearest.js';
export { printable, quoted, quotedPath } from './printable.js';
export {
  type DiagnosticJson,
  type RenderOptions,
  renderDiagnostic,
  renderError,
  type Severity,
  severityOf,
  toJson,
} from './render.js';

// What tuning has found, as a table: a line for each call with the time of each alternative, for one of the fastest.
// Reasons why one was left out stand below.
import { renderTable } from '../driver/table.js';
import type { Tuned, TunedCall } from '../targets/wgsl/tune-types.js';

export function tunedText({ name, adapter, calls }: Tuned, alternatives: readonly string[]): string {
  const table = renderTable(
    ['B,Tq,Tk,R', ...alternatives, 'taken', ''],
    calls.map((call) => [
      [call.batch, call.queries, call.keys, call.rows].join(),
      ...alternatives.map((each) => timeText(call, each)),
      call.alternative,
      call.alternative === call.estimated ? 'as estimated' : `estimated: ${call.estimated}`,
    ]),
    ['left', ...alternatives.map(() => 'right' as const), 'left', 'left'],
  );
  const refused = calls.flatMap((call) =>
    Object.entries(call.refused).map(([each, why]) => `${each} at Tk=${call.keys}, R=${call.rows}: ${why}\n`),
  );
  return `${name} on ${adapter === '' ? 'an adapter without a name' : adapter}, times for one of the fastest\n${table}${refused.join('')}`;
}

function timeText({ milliseconds }: TunedCall, alternative: string): string {
  const own = milliseconds[alternative];
  if (own === undefined) return '–';
  return `${(own / Math.min(...Object.values(milliseconds))).toFixed(2)} ×`;
}

// A progress bar on standard error, for people who watch a long piece of work; nothing where nobody does.
// It takes one line and leaves none behind.
import type { Terminal } from './terminal.js';

export interface Progress {
  /** Shows that `done` of `total` are done, what is next, and where it is known how many seconds are left. */
  readonly show: (done: number, total: number, what: string, secondsLeft?: number) => void;
  /** Takes the bar away; what is printed next starts on a clean line. */
  readonly end: () => void;
}

const BAR_CELLS = 24;
const ERASE_LINE = '\r\u001b[2K';

export function startProgress({ columns, err }: Terminal): Progress {
  if (columns === undefined) return { show: () => {}, end: () => {} };
  return {
    show(done, total, what, secondsLeft) {
      const filled = total === 0 ? BAR_CELLS : Math.floor((done / total) * BAR_CELLS);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
      const left = secondsLeft === undefined ? '' : `, ${durationText(secondsLeft)} left`;
      err(ERASE_LINE + `${bar} ${done}/${total} ${what}${left}`.slice(0, columns - 1));
    },
    end: () => err(ERASE_LINE),
  };
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

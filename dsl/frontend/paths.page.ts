// Paths where there is no machine to ask: folders have forward slashes between them, and the current one is the root.
// Stands in for paths.ts in a bundle for pages.
import type * as paths from './paths.js';

export const currentFolder: typeof paths.currentFolder = () => '/';

export const isAbsolute: typeof paths.isAbsolute = (path) => path.startsWith('/');

export const resolve: typeof paths.resolve = (...parts) => {
  const last = parts.findLastIndex(isAbsolute);
  const names: string[] = [];
  for (const name of parts.slice(Math.max(last, 0)).join('/').split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
};

export const dirname: typeof paths.dirname = (path) => {
  const end = path.lastIndexOf('/');
  return end < 0 ? '.' : path.slice(0, end) || '/';
};

export const basename: typeof paths.basename = (path, suffix = '') => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name !== suffix && name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name;
};

export const extname: typeof paths.extname = (path) => /(?<=[^.])\.[^.]*$/.exec(basename(path))?.[0] ?? '';

export const relative: typeof paths.relative = (from, to) => {
  const [start, end] = [from, to].map((path) => resolve(path).split('/').filter(Boolean)) as [string[], string[]];
  const shared = start.findIndex((name, depth) => name !== end[depth]);
  const common = shared < 0 ? start.length : shared;
  return [...start.slice(common).map(() => '..'), ...end.slice(common)].join('/');
};

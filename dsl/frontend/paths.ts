// Paths as the machine writes them: those of Node and its current folder.
// A bundle for pages has paths.page.ts in its place.
export { basename, dirname, extname, isAbsolute, relative, resolve } from 'node:path';

export const currentFolder = (): string => process.cwd();

// Serves a folder of a page at localhost, to this machine alone, as any static host would.
// Browsers load modules from servers alone, and give WebGPU to pages of https and of localhost.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';

/** @type {Readonly<Record<string, string>>} */
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/**
 * Serves `folder` at localhost, to this machine alone; port 0 takes one that is free.
 * @param {string} folder
 * @param {number} port
 * @returns {Promise<{ address: string, server: import('node:http').Server }>}
 */
export async function serveFolder(folder, port) {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = join(root, decodeURIComponent(pathname === '/' ? '/index.html' : pathname));
    try {
      if (!file.startsWith(root + sep)) throw new Error('outside');
      const body = readFileSync(file);
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end('there is no such file');
    }
  });
  await new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => listening(undefined));
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port');
  return { address: `http://localhost:${bound.port}/`, server };
}

// Builds the page for browsers into out/bench-page: bench/browser.html, its script, emitted launchers, jax-js and onnxruntime-web beside it.
// `npm run bench:page -- --serve` serves it on this machine afterwards. What is built needs no network.
import { parseArgs } from 'node:util';
import { serveFolder } from '../scripts/serve-folder.js';
import { buildPage } from './page-folder.js';

const HELP = `npm run bench:page -- [options]
  --out FOLDER             where the page goes (out/bench-page)
  --serve                  serves it afterwards, at localhost alone
  --port 8123              where`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const { values } = parseArgs({ options: { out: text, port: text, serve: flag, help: flag } });
if (values.help) console.log(HELP);
else {
  const folder = values.out ?? 'out/bench-page';
  await buildPage(folder, { tell: (text) => console.error(text) });
  console.log(`built ${folder}`);
  if (values.serve) {
    const { address } = await serveFolder(folder, Number(values.port ?? 8123));
    console.log(`open ${address} (Ctrl-C ends)`);
  } else {
    console.log('put it on any server with https, or serve it here: npm run bench:page -- --serve');
  }
}

// Builds the playground into out/playground, a folder that any static host serves.
// `npm run playground -- --serve` serves it on this machine afterwards. What is built needs no network.
import { parseArgs } from 'node:util';
import { buildPlayground } from './bundle-playground.js';
import { serveFolder } from './serve-folder.js';

const HELP = `npm run playground -- [options]
  --out FOLDER             where the page goes (out/playground)
  --serve                  serves it afterwards, at localhost alone
  --port 8124              where`;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    port: { type: 'string' },
    serve: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help) console.log(HELP);
else {
  const folder = values.out ?? 'out/playground';
  await buildPlayground(folder);
  console.log(`built ${folder}`);
  if (values.serve) {
    const { address } = await serveFolder(folder, Number(values.port ?? 8124));
    console.log(`open ${address} (Ctrl-C ends)`);
  } else {
    console.log('put it on any static host with https, or serve it here: npm run playground -- --serve');
  }
}

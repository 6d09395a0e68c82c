import { writeFileSync } from 'node:fs';
import { Browser } from '../test/support/browser.js';
const [, , file, prefix] = process.argv;
const b = await Browser.start(); const p = await b.page();
await p.look(1280, 'light', 6500); await p.open('file://' + file); await p.evaluate("new Promise((r) => setTimeout(r, 800))"); writeFileSync(`${prefix}-whole.png`, await p.screenshot());
await b.close();

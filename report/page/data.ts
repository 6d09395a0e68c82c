// The data of a document as the page reads it: base64 of deflated JSON, which the browser inflates.
// It is this project's own writing; texts of a record in it are plain strings, and are escaped where they are shown.
import { fromBase64 } from '../shared/half.js';
import type { PageData } from '../shared/page-data.js';

export async function unpacked(text: string): Promise<PageData> {
  const bytes = fromBase64(text.trim());
  const inflated = new Blob([bytes.slice().buffer]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return (await new Response(inflated).json()) as PageData;
}

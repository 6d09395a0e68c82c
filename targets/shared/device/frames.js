// The frames that a worker process and its parent exchange over pipes: a JSON header and raw byte payloads.
// Plain JavaScript, because the worker is started by Node and by Deno from the sources as well as from dist/.
// @ts-check

/**
 * A message: plain JSON values, and bytes beside them.
 * @typedef {{ header: Record<string, unknown>, payloads: Uint8Array[] }} Message
 */

const PREFIX = 8;

/**
 * The chunks of a frame: byte lengths of the two parts of the header as 32-bit little-endian numbers, the header, then
 * the payloads. Bodies are not copied.
 * @param {Message} message
 * @returns {Uint8Array[]}
 */
export function encode({ header, payloads }) {
  const lengths = payloads.map(({ byteLength }) => byteLength);
  const json = new TextEncoder().encode(JSON.stringify({ header, lengths }));
  const prefix = new Uint8Array(PREFIX);
  const view = new DataView(prefix.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, json.byteLength, true);
  return [prefix, json, ...payloads];
}

// What else writes to the pipe (a driver's message, say) is noticed rather than taken for a length.
const MAGIC = 0x6c646568;

/**
 * A reader of frames: takes chunks as they come, and calls back with each whole message. Payloads are buffers of their
 * own.
 * @param {(message: Message) => void} receive
 * @returns {(chunk: Uint8Array) => void}
 */
export function decoder(receive) {
  let wanted = PREFIX;
  /** @type {{ header: Record<string, unknown>, lengths: number[] } | undefined} */
  let head;
  let filled = 0;
  let part = new Uint8Array(wanted);
  /** @type {'prefix' | 'header' | 'payload'} */
  let state = 'prefix';
  /** @type {Uint8Array[]} */
  let payloads = [];

  /** @param {number} size */
  const expect = (size) => {
    wanted = size;
    filled = 0;
    part = new Uint8Array(size);
  };
  const advance = () => {
    if (state === 'prefix') {
      const view = new DataView(part.buffer);
      if (view.getUint32(0, true) !== MAGIC) throw new Error('the pipe carries something that is no frame');
      state = 'header';
      expect(view.getUint32(4, true));
      return;
    }
    if (state === 'header') head = JSON.parse(new TextDecoder().decode(part));
    else payloads.push(part);
    const { header, lengths } = /** @type {NonNullable<typeof head>} */ (head);
    if (payloads.length < lengths.length) {
      state = 'payload';
      expect(/** @type {number} */ (lengths[payloads.length]));
      return;
    }
    const message = { header, payloads };
    payloads = [];
    state = 'prefix';
    expect(PREFIX);
    receive(message);
  };

  return (chunk) => {
    let at = 0;
    // A part may be empty, so that it is complete before any byte of it has come.
    while (at < chunk.byteLength || (wanted === 0 && state !== 'prefix')) {
      const taken = Math.min(wanted - filled, chunk.byteLength - at);
      part.set(chunk.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled === wanted) advance();
    }
  };
}

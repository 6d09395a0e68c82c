// Misuse of masks and of declared tensors: predicates that are none, axes that do not exist, ranks that differ.
// Each directive names its kind; test/dsl/types.test.ts counts them and sees that none is idle.
import type { Head, Key, Mask, Query, Tensor } from 'heddle';
import { attention, dot, fill, integers, keys, normal, param, queries, softmax, sum, tensor, uniform } from 'heddle';
import {
  causal,
  convKernel,
  headMix,
  keyQueryConv,
  mixHeads,
  rmsNorm,
  sameDocument,
  slidingWindow,
} from 'heddle/library';

export const spec = attention({ heads: 8, headDim: 64 }, ({ q, k, v, heads }) => {
  const s = dot(q, k);

  // @ts-expect-error a mask of batch entry, head, query and key
  fill(s, (b, h, i, j) => b > 0 && h > 0 && j <= i, 0);
  // @ts-expect-error a mask by head whose annotations are in another order
  fill(s, (i: Query, j: Key, h: Head) => h > 0 && j <= i, 0);
  // @ts-expect-error a mask by head under the type of masks that are the same for all
  fill(s, ((h: Head, i: Query, j: Key) => h > 0 && j <= i) satisfies Mask, 0);
  // @ts-expect-error a mask that returns a number
  fill(s, (i, j) => i - j, 0);
  // @ts-expect-error a mask whose annotations are swapped
  fill(s, (i: Key, j: Query) => j <= i, 0);
  // @ts-expect-error a mask factory that was not called
  fill(s, slidingWindow, 0);
  // @ts-expect-error a mask called where it should be passed
  fill(s, causal(0, 0), 0);
  // @ts-expect-error scores in place of a mask
  fill(s, s, 0);
  // @ts-expect-error a table of numbers in place of a mask
  fill(s, integers('table', ['query', 'key']), 0);
  // @ts-expect-error a fill without its other value
  fill(s, causal);
  // @ts-expect-error a fill with a function of indices
  fill(s, causal, (i: Query) => i);
  // @ts-expect-error a table over queries where positions are read
  sameDocument(integers('document', ['batch', 'query']));
  // @ts-expect-error a table of documents for each head
  sameDocument(integers('document', ['batch', 'head', 'position']));

  // @ts-expect-error an axis that does not exist
  tensor('a', ['batch', 'heads']);
  // @ts-expect-error a single axis outside of an array
  tensor('b', 'head');
  // @ts-expect-error a tensor without a name
  tensor(['batch', 'query']);
  // @ts-expect-error a start value for a tensor that is not learned
  tensor('c', ['batch', 'query'], 0);
  // @ts-expect-error a start value for integers
  integers('d', ['batch'], 0);
  // @ts-expect-error integers between two numbers, as floats are
  integers('d2', ['batch'], { between: [0, 1] });
  // @ts-expect-error integers below an axis that no call has
  integers('d3', ['batch'], { below: 'feature' });
  // @ts-expect-error floats with one end
  tensor('d4', ['batch', 'key'], { between: [0] });
  // @ts-expect-error a position that a table holds, read as a head
  sum(2, (n) => s(integers('d5', ['query', 2], { below: 'key' })(0, n), 0, 0));
  // @ts-expect-error a learned tensor for each batch entry
  param('e', ['batch', 'head']);
  // @ts-expect-error a start value with more indices than axes
  param('f', ['head'], (h, u) => h + u);
  // @ts-expect-error a start value that is no number
  param('g', ['head'], 'ones');
  // @ts-expect-error a start function that returns a boolean
  param('h', ['head', 3], (h, u) => h === u);
  // @ts-expect-error a law without its size
  param('i', ['head'], normal);
  // @ts-expect-error bounds given as a pair
  uniform(-1, 1);
  // @ts-expect-error queries without a name
  queries({ heads: 4 });
  // @ts-expect-error a misspelt dimension of keys
  keys('k2', { headDim: 32 });
  // @ts-expect-error the heads of an input given as text
  keys('k3', { heads: 'all' });

  // @ts-expect-error a kernel of too few axes
  keyQueryConv(s, param('j', ['head', 11]));
  // @ts-expect-error a kernel whose axes come in another order
  keyQueryConv(s, param('k', [6, 'head', 11]));
  // @ts-expect-error a mix where a kernel is wanted
  keyQueryConv(s, headMix('l', heads, 4));
  // @ts-expect-error a kernel where a mix is wanted
  mixHeads(s, convKernel('m', 6, 11));
  // @ts-expect-error a side that padKey does not have
  keyQueryConv(s, convKernel('n', 6, 11), { padKey: 'centre' });
  // @ts-expect-error a row guard that asks about a key
  keyQueryConv(s, convKernel('o', 6, 11), { within: (read: Query, reader: Key) => read === reader });
  // @ts-expect-error a norm of scores
  rmsNorm(s, param('p', [64], 1));
  // @ts-expect-error a gain for each head where one for all is wanted
  rmsNorm(softmax(s).times(v), param('q', ['head', 64], 1));
  // @ts-expect-error an extent that is not the declared one
  const three: Tensor<['head', 3]> = param('r', ['head', 4]);
  // @ts-expect-error an extent of a tensor overwritten
  three.shape[0] = 4;
  return softmax(s).times(v);
});

// How a launcher chooses between alternatives, as JavaScript: what each is estimated to take, the device's part in it, and the
// order that follows. A launcher that has one alternative has its name, and nothing to choose.
import { costGrid } from '../../codegen/schedule/index.js';
import { type Alternatives, costText, NOMINAL_PARALLEL } from '../shared/tile/alternatives.js';

/** Workgroups that run at once where nobody has said how many: a software device has few cores, a graphics card tens of units. */
const PARALLEL = { software: 4, hardware: NOMINAL_PARALLEL } as const;

/** The names of the alternatives, the estimates, and `alternativesFor`, the names in the order of their estimates. */
export function choiceText(alternatives: Alternatives): string {
  const described = alternatives.map(({ name, schedule, tiles: { rows, columns } }) =>
    JSON.stringify({ name, schedule, tiles: [rows, columns] }),
  );
  const list = `/** Kernels that give the same: a launch takes one of them. */\nexport const alternatives = [\n${described.map((each) => `  ${each},\n`).join('')}];`;
  if (alternatives.length === 1) return list;
  const costs = alternatives.map(
    ({ name, costs: { work, span } }) =>
      `  ${JSON.stringify(name)}: {\n    work: ${costText(work)},\n    span: ${costText(span)},\n  },\n`,
  );
  return `${list}

/** Rows and keys at which calls are estimated, and the operations of each there: all work, and the longest block of each launch. */
const grid = { rows: [${costGrid.rows}], keys: [${costGrid.keys}] };
const costs = {
${costs.join('')}};

/** An entry of a table, interpolated between the logarithms of its neighbours. */
function costAt(table, rows, keys) {
  const placeOn = (places, size) => {
    const at = Math.max(0, places.findLastIndex((place, n) => place <= size && n + 1 < places.length));
    return [at, Math.log(size / places[at]) / Math.log(places[at + 1] / places[at])];
  };
  const [row, ofRow] = placeOn(grid.rows, rows);
  const [key, ofKey] = placeOn(grid.keys, keys);
  const at = (r, k) => Math.log(table[r][k]);
  const along = (r) => at(r, key) + ofKey * (at(r, key + 1) - at(r, key));
  return Math.exp(along(row) + ofRow * (along(row + 1) - along(row)));
}

/** What an alternative is estimated to take where \`parallel\` workgroups run at once, in operations of one of them. */
export function estimate(alternative, { batch, keys, rows }, parallel = ${PARALLEL.hardware}) {
  const { work, span } = costs[alternative];
  return (batch * costAt(work, rows, keys)) / parallel + costAt(span, rows, keys);
}

/** The names of the alternatives, the one that is estimated to take least time first. */
function alternativesFor(sizes, parallel) {
  const estimates = table(Object.fromEntries(alternatives.map(({ name: each }) => [each, estimate(each, sizes, parallel)])));
  return Object.keys(estimates).sort((one, other) => estimates[one] - estimates[other]);
}

/** Workgroups that a device is taken to run at once. */
function parallelOf({ adapterInfo: { isFallbackAdapter, architecture, description } = {} }) {
  const isSoftware = isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|warp|basic render/i.test(\`\${architecture} \${description}\`);
  return isSoftware ? ${PARALLEL.software} : ${PARALLEL.hardware};
}`;
}

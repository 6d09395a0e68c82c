// How a launcher chooses between alternatives, as JavaScript: what each is estimated to take, the device's part in it, and the
// order that follows. A launcher that has one alternative has its name, and nothing to choose.
import { costDevices, costGrid, costTables } from '../../codegen/schedule/index.js';
import { type Alternatives, costText, withoutVariants } from '../shared/tile/alternatives.js';
import { SUBGROUPS_ENDING } from './subgroups.js';

/** The names of the alternatives, the estimates, and `alternativesFor`, the names in the order of their estimates. */
export function choiceText(alternatives: Alternatives): string {
  const described = alternatives.map(({ name, schedule, tiles: { rows, columns }, limits = {}, variant }) =>
    JSON.stringify({ name, schedule, tiles: [rows, columns], limits, features: variant?.features ?? [] }),
  );
  const list = `/** Kernels that give the same: a launch takes one of them. */\nexport const alternatives = [\n${described.map((each) => `  ${each},\n`).join('')}];`;
  if (alternatives.length === 1) return list;
  const holdsVariants = withoutVariants(alternatives).length < alternatives.length;
  const costs = withoutVariants(alternatives).map(({ name, costs }) => {
    const lines = costTables.map((each) => `    ${each}: ${costText(costs[each])},\n`);
    return `  ${JSON.stringify(name)}: {\n${lines.join('')}  },\n`;
  });
  return `${list}

/**
 * Rows and keys at which calls are estimated, and what each alternative does there, by rows and then keys: operations and bytes of all
 * workgroups, the part of it that the longest workgroup of each launch does, and the launches.
 */
const grid = { rows: [${costGrid.rows}], keys: [${costGrid.keys}] };
const costs = {
${costs.join('')}};

/** An entry of a table, interpolated between the logarithms of three neighbours: those of the triangle in which it lies. */
function costAt(table, rows, keys) {
  const placeOn = (places, size) => {
    const at = Math.max(0, places.findLastIndex((place, n) => place <= size && n + 1 < places.length));
    return [at, Math.log(size / places[at]) / Math.log(places[at + 1] / places[at])];
  };
  const [row, ofRow] = placeOn(grid.rows, rows);
  const [key, ofKey] = placeOn(grid.keys, keys);
  const at = (r, k) => Math.log(table[r][k]);
  const [low, high] = [at(row, key), at(row + 1, key + 1)];
  const between = ofRow > ofKey ? at(row + 1, key) : at(row, key + 1);
  return Math.exp(low + Math.max(ofRow, ofKey) * (between - low) + Math.min(ofRow, ofKey) * (high - between));
}

/** Workgroups that a device is taken to run at once, and operations of one in the time that a byte takes, and that a launch takes to begin. */
const devices = ${JSON.stringify(costDevices)};

${
  holdsVariants
    ? `/** The alternative whose kernels are written for subgroups in another. */
const withoutSubgroups = (alternative) => alternative.replace(/${SUBGROUPS_ENDING}$/, '');

`
    : ''
}/** What an alternative is estimated to take, in operations of one workgroup. */
export function estimate(alternative, { batch, keys, rows }, { parallel, perByte, perLaunch = 0 } = devices.hardware) {
  const own = costs[${holdsVariants ? 'withoutSubgroups(alternative)' : 'alternative'}];
  const at = (each) => costAt(own[each], rows, keys);
  const work = at('operations') + perByte * at('bytes');
  return perLaunch * at('launches') + work * Math.max(batch / parallel, at('longest'));
}

/** Alternatives that a device has the limits and features for; those that need no more than the least of all where nothing is known of it. */
const grantedBy = (granted = {}, has) =>
  alternatives.filter(
    ({ limits: own, features: wanted }) =>
      Object.entries(own).every(([limit, least]) => granted[limit] >= least) && wanted.every((feature) => has?.has(feature)),
  );

/** The names of the alternatives, the one that is estimated to take least time first. */
function alternativesFor(sizes, on, granted, has) {
  const estimates = table(Object.fromEntries(grantedBy(granted, has).map(({ name: each }) => [each, estimate(each, sizes, on)])));
  return Object.keys(estimates).sort((one, other) => estimates[one] - estimates[other]);
}

/** What a device is taken to be. */
function kindOf({ adapterInfo: { isFallbackAdapter, architecture, description } = {} }) {
  const isSoftware = isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|warp|basic render/i.test(\`\${architecture} \${description}\`);
  return isSoftware ? devices.software : devices.hardware;
}`;
}

/** `planFor` of an instance that has alternatives; `granted`, `lackOf` and so on are declared before it. */
export const chosenPlanText = `  const on = kindOf(device);
  const found = tunedFrom(options?.tuned, device);
  /** The plan of the alternative that is asked for, or else of the best that the device has room for. */
  const planFor = (sizes, places, asked, tuned = found.taken) => {
    if (isDestroyed) throw new Error(\`\${name} was destroyed\`);
    let problem;
    const planned = (options) => {
      try {
        const plan = planLaunch(sizes, places, options);
        const { limits: own, features: wanted } = alternatives.find((each) => each.name === plan.alternative);
        for (const feature of wanted) if (!device.features.has(feature)) throw new RangeError(lackingFeature(plan.alternative, feature));
        const lacking = Object.keys(own).find((limit) => granted[limit] < own[limit]);
        const lack = lacking === undefined ? lackOf(plan) : lackText(plan.alternative, lacking, own[lacking], granted);
        if (lack === undefined) return plan;
        problem ??= new RangeError(lack);
      } catch (error) {
        problem ??= error;
      }
      return undefined;
    };
    const best = planned({ alternative: asked, on, granted, has: device.features, tuned });
    if (best) return best;
    const rows = sizes.rows ?? sizes.queries;
    for (const alternative of asked === undefined ? alternativesFor({ ...sizes, rows }, on, granted, device.features) : []) {
      const plan = planned({ alternative });
      if (plan) return plan;
    }
    throw problem;
  };`;

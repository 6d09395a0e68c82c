// How a launcher in C chooses between alternatives: what each is estimated to take, the multiprocessors of the current device, and
// the one that follows. A launcher that has one program has nothing to choose.
import { costGrid, costTables } from '../../codegen/schedule/index.js';
import { type Alternatives, costText } from '../shared/tile/alternatives.js';

/** The constants by which callers ask for alternatives, in their order; 0 lets the launcher choose. */
export const alternativeConstants = (prefix: string, alternatives: Alternatives): readonly string[] =>
  alternatives.map(({ name }) => `${prefix}_${name.replaceAll('-', '_')}`);

/** The number of an alternative in the launcher's text. */
export const alternativeNumber = (place: number): number => place + 1;

/** The declarations of the constants. */
export function choiceConstants(prefix: string, alternatives: Alternatives): string {
  const constants = alternativeConstants(prefix, alternatives);
  return `/** Programs that compute the same, with rows and columns of their tiles: a call may ask for one of them. */
enum ${prefix}_alternative {
${constants.map((name, n) => `  ${name} = ${alternativeNumber(n)}`).join(',\n')}
};`;
}

/** The declaration of the function that tells which is taken. */
export const choiceFunction = (prefix: string): string => `/**
 * The alternative of a call: the one that it asks for, or the one that is estimated to take least time by rows, keys, batch entries
 * and the multiprocessors of the current device; 0 where the sizes are none. It is the same for the same sizes and device.
 */
int ${prefix}_chosen(const ${prefix}_sizes *sizes);`;

/** Its definition. */
export const chosenFunction = (
  prefix: string,
): string => `extern "C" int ${prefix}_chosen(const ${prefix}_sizes *sizes) {
  using namespace ${prefix}_kernels;
  return are_sizes(sizes) ? taken_for(sizes, SIZE_MAX) : 0;
}`;

/** A table as C has it. */
const braces = (table: readonly (readonly number[])[]): string =>
  costText(table).replaceAll('[', '{').replaceAll(']', '}');

/** The table of estimates, and the function that takes an alternative by it. `lay_out` stands before. */
export function choiceDefinitions(prefix: string, alternatives: Alternatives): string {
  const { rows, keys } = costGrid;
  const { parallel, perByte, perLaunch } = alternatives[0]!.device;
  const shape = `[${rows.length}][${keys.length}]`;
  const costs = alternatives.map(
    ({ costs: own }) => `  {${costTables.map((each) => braces(own[each])).join(',\n   ')}},`,
  );
  return `/**
 * Rows and keys at which calls are estimated, and what each alternative does there: operations and bytes of all blocks, the part of it that
 * the longest block of each launch does, and the launches.
 */
static const float rows_of_costs[] = {${rows.join(', ')}}, keys_of_costs[] = {${keys.join(', ')}};
static const float costs[${alternatives.length}][${costTables.length}]${shape} = {
${costs.join('\n')}
};

/** The last place of a table that is no larger than a size and has one behind it, and how far beyond it the size is on the way there. */
inline double place_of(int size, const float *places, int count, int *place) {
  *place = 0;
  while (*place + 2 < count && places[*place + 1] <= static_cast<float>(size)) *place += 1;
  return log(size / static_cast<double>(places[*place])) / log(places[*place + 1] / static_cast<double>(places[*place]));
}

/** An entry of a table, interpolated between the logarithms of three neighbours: those of the triangle in which it lies. */
inline double cost_at(const float (&table)${shape}, int rows, int keys) {
  int row, key;
  const double of_row = place_of(rows, rows_of_costs, ${rows.length}, &row), of_key = place_of(keys, keys_of_costs, ${keys.length}, &key);
  const double low = log(static_cast<double>(table[row][key])), high = log(static_cast<double>(table[row + 1][key + 1]));
  const double between = log(static_cast<double>(of_row > of_key ? table[row + 1][key] : table[row][key + 1]));
  return exp(low + fmax(of_row, of_key) * (between - low) + fmin(of_row, of_key) * (high - between));
}

/** Multiprocessors of the current device, each of which is taken to run one block at once. */
inline int multiprocessors() {
  int device = 0, count = 0;
  if (cudaGetDevice(&device) != cudaSuccess) return ${parallel};
  if (cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device) != cudaSuccess) return ${parallel};
  return count > 0 ? count : ${parallel};
}

/**
 * The alternative that is asked for, or of those whose workspace has no more than so many bytes the one that is estimated to take
 * least time; 0 where there is none.
 */
inline int taken_for(const ${prefix}_sizes *sizes, size_t most_bytes) {
  const int asked = sizes->alternative;
  if (asked != 0) return lay_out(sizes, asked).size <= most_bytes ? asked : 0;
  const double parallel = multiprocessors();
  double least_estimate = INFINITY;
  int taken = 0;
  for (int each = 1; each <= ${alternatives.length}; each += 1) {
    double did[${costTables.length}];
    for (int n = 0; n < ${costTables.length}; n += 1) did[n] = cost_at(costs[each - 1][n], sizes->rows, sizes->keys);
    const double work = did[0] + ${perByte} * did[1];
    const double estimate = ${perLaunch} * did[3] + work * fmax(sizes->batch / parallel, did[2]);
    if (!(estimate < least_estimate) || lay_out(sizes, each).size > most_bytes) continue;
    least_estimate = estimate;
    taken = each;
  }
  return taken;
}`;
}

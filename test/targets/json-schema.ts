// Checks a JSON value against the part of JSON Schema that targets/manifest.schema.json uses.
// An unknown keyword is an error, so that the schema cannot ask for what nobody checks.

export interface Schema {
  readonly [keyword: string]: unknown;
}

type Check = (argument: never, value: unknown, schema: Schema, path: string, root: Schema) => readonly string[];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isRecord,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
};

const checks: Readonly<Record<string, Check>> = {
  $schema: () => [],
  $defs: () => [],
  title: () => [],
  description: () => [],
  type: (type: string, value, _, path) => (types[type]!(value) ? [] : [`${path} is not of type ${type}`]),
  enum: (values: readonly unknown[], value, _, path) =>
    values.includes(value) ? [] : [`${path} is ${JSON.stringify(value)}, not one of ${values.join(', ')}`],
  minimum: (least: number, value, _, path) => ((value as number) >= least ? [] : [`${path} is below ${least}`]),
  minItems: (least: number, value, _, path) => ((value as unknown[]).length >= least ? [] : [`${path} has too few`]),
  maxItems: (most: number, value, _, path) => ((value as unknown[]).length <= most ? [] : [`${path} has too many`]),
  minLength: (least: number, value, _, path) => ((value as string).length >= least ? [] : [`${path} is too short`]),
  pattern: (pattern: string, value, _, path) =>
    new RegExp(pattern, 'u').test(value as string) ? [] : [`${path} is ${value}, unlike ${pattern}`],
  required: (names: readonly string[], value, _, path) =>
    isRecord(value) ? names.filter((name) => !(name in value)).map((name) => `${path} has no ${name}`) : [],
  properties: (properties: Record<string, Schema>, value, _, path, root) =>
    isRecord(value)
      ? Object.entries(properties).flatMap(([name, schema]) =>
          name in value ? problemsOf(value[name], schema, `${path}.${name}`, root) : [],
        )
      : [],
  additionalProperties: (allowed: false | Schema, value, { properties = {} }, path, root) =>
    isRecord(value)
      ? Object.keys(value)
          .filter((name) => !(name in (properties as object)))
          .flatMap((name) =>
            allowed === false ? [`${path} has ${name}`] : problemsOf(value[name], allowed, `${path}.${name}`, root),
          )
      : [],
  items: (schema: Schema, value, _, path, root) =>
    Array.isArray(value) ? value.flatMap((item, n) => problemsOf(item, schema, `${path}[${n}]`, root)) : [],
  anyOf: (schemas: readonly Schema[], value, _, path, root) =>
    schemas.some((schema) => problemsOf(value, schema, path, root).length === 0) ? [] : [`${path} fits no alternative`],
  $ref: (reference: string, value, _, path, root) => {
    const definitions = root['$defs'] as Record<string, Schema>;
    return problemsOf(value, definitions[reference.replace('#/$defs/', '')]!, path, root);
  },
};

/** What is wrong with `value`, with the place of each problem. */
export function problemsOf(value: unknown, schema: Schema, path = 'manifest', root = schema): readonly string[] {
  const ofType =
    schema['type'] === undefined ? [] : checks['type']!(schema['type'] as never, value, schema, path, root);
  if (ofType.length > 0) return ofType;
  return Object.entries(schema).flatMap(([keyword, argument]) => {
    const check = checks[keyword];
    return check ? check(argument as never, value, schema, path, root) : [`the schema says ${keyword}`];
  });
}

// The file that a person saves and sends: numbers, the GPU and the browser as they name themselves, and what was granted.
// Nothing else of the machine is in it.
import { type Failure, type Measured, type Summary, summarise } from '../results.js';
import type { BenchDtype } from '../workloads.js';
import type { Found } from './measuring.js';
import type { OpenedGpu } from './opening.js';

type OfDtype<Row> = Row & { readonly dtype: BenchDtype };

export interface PageFile {
  readonly what: 'bench/browser.html';
  /** Versions of what the page was built from. */
  readonly built: Readonly<Record<string, string>>;
  readonly date: string;
  readonly browser: string;
  readonly adapter: Readonly<Record<string, string | number | boolean>>;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  /** Whether passes were timed by the device's own clock. */
  readonly timestamps: boolean;
  readonly settings: Found['asked'];
  readonly results: readonly OfDtype<Summary>[];
  readonly failures: readonly OfDtype<Failure>[];
  readonly complaints: readonly string[];
}

export function fileOf(found: Found, { shared, complaints }: OpenedGpu, built: PageFile['built']): PageFile {
  const { adapter, device, timer } = shared;
  const { vendor, architecture, description, isFallbackAdapter, subgroupMinSize, subgroupMaxSize } = adapter;
  const named = { vendor, architecture, device: adapter.device, description };
  return {
    what: 'bench/browser.html',
    built,
    date: new Date().toISOString().slice(0, 10),
    browser: navigator.userAgent,
    adapter: { ...named, isFallbackAdapter, subgroupMinSize, subgroupMaxSize },
    features: [...device.features].sort(),
    limits: limitsOf(device.limits),
    timestamps: timer !== undefined,
    settings: found.asked,
    results: summariesOf(found.measured),
    failures: found.failures,
    complaints,
  };
}

/** Ratios are within a precision. */
function summariesOf(measured: readonly OfDtype<Measured>[]): readonly OfDtype<Summary>[] {
  const dtypes = [...new Set(measured.map(({ dtype }) => dtype))];
  return dtypes.flatMap((dtype) =>
    summarise(measured.filter((each) => each.dtype === dtype)).map((each) => ({ ...each, dtype })),
  );
}

function limitsOf(limits: GPUSupportedLimits): Readonly<Record<string, number>> {
  const all: Record<string, number> = {};
  for (const name in limits) {
    const limit = limits[name as keyof GPUSupportedLimits];
    if (typeof limit === 'number') all[name] = limit;
  }
  return all;
}

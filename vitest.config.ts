// Tests run against the TypeScript sources. A spec that a test imports as plain JavaScript is evaluated eagerly:
// its 'heddle' is the eager implementation in test/support/eager, while the library is the one that ships.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { bundlePage } from './scripts/bundle-page.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tests that wait for devices to compile, longest first: they start first, so that no core is left with one in the end. */
const long = [
  'integrations/projects.long',
  'page/compiler.long',
  'page/playground.long',
  'fuzz/random-specs',
  'gpu-suite/dry-runs.long',
  'wgsl/examples-webgpu',
  'targets/gradients',
  'cuda/half',
  'targets/golden-gradients',
  'cuda/nvcc',
  'wgsl/examples-wgpu',
  'cuda/warpgroups',
  'cli/doc-snippets',
  'integrations/webgpu-training',
  'wgsl/golden',
  'targets/long-queries',
  'wgsl/valid',
  'packaging/package',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = long.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
      return found < 0 ? long.length : found;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

/** What a build writes beside report/page-files.ts, in place of reading it. */
const pageOfReports = {
  name: 'page of reports',
  load(id: string): string | undefined {
    if (!id.endsWith('/report/page-files.ts')) return undefined;
    return `const files = ${JSON.stringify(bundlePage())};\nexport const pageFiles = () => files;\n`;
  },
};

export default defineConfig({
  plugins: [pageOfReports],
  resolve: {
    alias: [
      { find: /^heddle\/library$/, replacement: here('./dsl/library/index.ts') },
      { find: /^heddle$/, replacement: here('./test/support/eager/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts'],
    // A software device compiles for seconds, and on a busy machine for many.
    testTimeout: 240_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: '100%',
    // What the files of tests load is loaded once in each process: the compiler, and TypeScript, which takes a second.
    isolate: false,
    globalSetup: ['test/support/shared-folder.ts'],
    setupFiles: ['test/support/end-workers.ts'],
    sequence: { sequencer: LongestFirst },
  },
});

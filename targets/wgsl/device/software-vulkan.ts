// The software Vulkan driver that npm brings: SwiftShader out of @sparticuz/chromium, unpacked once into a cache folder.
// The archive also holds a Vulkan loader, so nothing need be installed on the system.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { cacheFolder, isOwn } from '../../shared/device/cache-folder.js';
import { filesOfTar } from './tar.js';

const DRIVER = 'vk_swiftshader_icd.json';
const NEEDED = [DRIVER, 'libvk_swiftshader.so', 'libvulkan.so.1'];

export type SoftwareVulkan =
  | { readonly available: true; readonly environment: Readonly<Record<string, string>> }
  | { readonly available: false; readonly why: string; readonly remedy: string };

/** The environment in which a new process finds the driver. */
export function softwareVulkan(): SoftwareVulkan {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return {
      available: false,
      why: `the software device of npm is for Linux on x64, and this is ${process.platform} on ${process.arch}`,
      remedy: 'use a machine with a GPU, or Linux on x64',
    };
  }
  const archive = archivePath();
  if (archive === undefined) {
    return {
      available: false,
      why: 'the package @sparticuz/chromium, which brings a software device, is not installed',
      remedy: 'npm install --save-dev @sparticuz/chromium@147.0.0',
    };
  }
  const folder = unpacked(archive);
  const libraries = [folder, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(delimiter);
  return {
    available: true,
    environment: {
      VK_ICD_FILENAMES: join(folder, DRIVER),
      VK_DRIVER_FILES: join(folder, DRIVER),
      LD_LIBRARY_PATH: libraries,
    },
  };
}

function archivePath(): string | undefined {
  try {
    // The package exports its code alone, which lies two folders deep.
    const code = createRequire(import.meta.url).resolve('@sparticuz/chromium');
    const path = join(dirname(code), '..', '..', 'bin', 'swiftshader.tar.br');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** The folder with the unpacked driver. Processes that unpack at the same time do not see each other's half-done work. */
function unpacked(archive: string): string {
  const packed = readFileSync(archive);
  const digest = createHash('sha256').update(packed).digest('hex').slice(0, 16);
  const parent = cacheFolder();
  const folder = join(parent, `swiftshader-${digest}`);
  const isThere = (): boolean => NEEDED.every((name) => isOwn(join(folder, name), 'file'));
  if (isThere()) return folder;
  const files = filesOfTar(brotliDecompressSync(packed));
  const fresh = mkdtempSync(join(parent, 'unpacking-'));
  for (const name of NEEDED) {
    const contents = files.get(name);
    if (contents === undefined) throw new Error(`${archive} holds no ${name}`);
    writeFileSync(join(fresh, name), contents, { mode: 0o755 });
  }
  try {
    renameSync(fresh, folder);
  } catch {
    // Somebody was faster; or what lies there is not to be used.
    if (!isThere()) return fresh;
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

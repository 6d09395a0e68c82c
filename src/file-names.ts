// Names of files inside a folder. What is made of a stranger's spec is written, compiled and run under such names, so that one
// function joins them to a folder, and refuses to leave it.
import { fail } from './diagnostics/index.js';

/** Parts that mean another folder, a device of Windows or a stream of a file, and characters that no system takes. */
const isPlainPart = (part: string): boolean =>
  part !== '' &&
  part !== '.' &&
  part !== '..' &&
  // Control characters, and what Windows or a shell reads as something else.
  !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"|?*\\]/u.test(part);

/** Whether `name`, which may have folders in it, names a file below whatever folder it is joined to. */
export const staysInside = (name: string): boolean => name.split('/').every(isPlainPart);

/** The path of the file `name` below `folder`. @throws HeddleError HD4116 for a name that leads elsewhere. */
export function joinInside(folder: string, name: string): string {
  if (!staysInside(name)) fail('HD4116', { folder, name });
  if (folder === '' || folder === '.') return name;
  return /[\\/]$/.test(folder) ? `${folder}${name}` : `${folder}/${name}`;
}

/** What Windows takes for devices, whatever the ending. */
const isDevice = (name: string): boolean => /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(name);

/** Folders for these names, in their order: no two are one on systems that know no capitals, and none is a device. */
export function distinctFolders(names: readonly string[]): readonly string[] {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  const given = new Set<string>();
  return names.map((name) => {
    let folder = isDevice(name) ? `${name}_spec` : name;
    for (let n = 2; given.has(folder.toLowerCase()) || (folder !== name && taken.has(folder.toLowerCase())); n += 1) {
      folder = `${name}_${n}`;
    }
    given.add(folder.toLowerCase());
    return folder;
  });
}

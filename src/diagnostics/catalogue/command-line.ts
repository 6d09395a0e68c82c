// Diagnostics HD4xxx, how heddle was called.
// Codes are stable: an entry may be reworded, never renumbered.
import { printable, quoted, quotedPath } from '../printable.js';
import { entry } from './entry.js';

/** The nearest right name where there is one, and all of them. */
const oneOfThese = (suggestion: string | undefined, known: readonly string[]): string =>
  `${suggestion === undefined ? '' : `did you mean ${quoted(suggestion)}? `}there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`;

/** A name that is none of the known ones. */
export interface UnknownName {
  readonly name: string;
  readonly suggestion: string | undefined;
  readonly known: readonly string[];
}

export const commandLine = {
  HD4001: entry<UnknownName>({
    title: 'unknown command',
    message: ({ name }) => `there is no command ${quoted(name)}`,
    hint: ({ suggestion, known }) => oneOfThese(suggestion, known),
    explanation: 'The first word after `heddle` is the command; `heddle --help` lists them.',
  }),
  HD4002: entry<UnknownName & { command: string }>({
    title: 'unknown option',
    message: ({ name, command }) => `${command} has no option ${quoted(name)}`,
    hint: ({ suggestion, known }) => oneOfThese(suggestion, known),
    explanation: 'An option that is not known is never skipped: it may be a slip in one that matters.',
  }),
  HD4003: entry<{ command: string; argument: string }>({
    title: 'missing argument',
    message: ({ command, argument }) => `${command} needs its argument ${argument}`,
    hint: ({ command }) => `see \`${command} --help\``,
    explanation: 'Arguments have no defaults: a spec is always named.',
  }),
  HD4004: entry<{ command: string; option: string }>({
    title: 'option without its value',
    message: ({ option }) => `the option ${option} needs a value`,
    hint: ({ command }) => `give the value after it; see \`${command} --help\``,
    explanation: 'The word after such an option is its value, unless there is none or it starts with a dash.',
  }),
  HD4005: entry<{ command: string; option: string }>({
    title: 'missing option',
    message: ({ command, option }) => `${command} needs the option ${option}`,
    hint: ({ command }) => `see \`${command} --help\``,
    explanation: 'What a command reads and writes is always named.',
  }),
  HD4006: entry<{ command: string; extra: readonly string[] }>({
    title: 'too many arguments',
    message: ({ command, extra }) => `${command} does not know what to do with ${extra.map(quoted).join(', ')}`,
    hint: ({ command }) => `take it out, or see \`${command} --help\``,
    explanation: 'Arguments that are not used are never skipped: they may be values of a mistyped option.',
  }),
  HD4007: entry<{ problem: string }>({
    title: 'command line that cannot be read',
    message: ({ problem }) => problem,
    hint: () => 'see `heddle --help`',
    explanation: 'The rest of what can be wrong with a command line is passed on in the words of its parser.',
  }),
  HD4008: entry<{ known: readonly string[] }>({
    title: 'no command',
    message: () => 'there is no command',
    hint: ({ known }) => `name one of ${known.join(', ')}`,
    explanation: 'The first word after `heddle` is the command; `heddle --help` lists them.',
  }),
  HD4011: entry<{ option: string; value: string; expected: string }>({
    title: 'bad number',
    message: ({ option, value }) => `${option} cannot be ${quoted(value)}`,
    hint: ({ option, expected }) => `give ${option} ${expected}`,
    explanation: 'Numbers are never rounded or clamped to what an option takes.',
  }),
  HD4012: entry<{ value: string }>({
    title: 'setting without a value',
    message: ({ value }) => `--set takes name=value, not ${quoted(value)}`,
    hint: () => 'write, for example, --set heads=8',
    explanation: 'A setting has a name and a value; the value may be empty or have further equals signs in it.',
  }),
  HD4013: entry<{ value: string }>({
    title: 'bad shape',
    message: ({ value }) => `--shape cannot be ${quoted(value)}`,
    hint: () =>
      'give B,Tq,Tk, such as 1,2048,2048, and where wanted the rows of output as a fourth, no more than there are queries',
    explanation: 'A call has these sizes; all others come from the settings of the spec.',
  }),
  HD4014: entry<{ option: string; path: string }>({
    title: 'output in the place of an input',
    message: ({ option, path }) => `${option} would write over ${quoted(path)}, which is read`,
    hint: ({ option }) => `give ${option} another file`,
    explanation: 'No command changes what it reads.',
  }),
  HD4030: entry<UnknownName>({
    title: 'unknown draw',
    message: ({ name }) => `there is no draw ${quoted(name)}`,
    hint: ({ suggestion, known }) => oneOfThese(suggestion, known),
    explanation:
      'The inputs of a check are drawn at random, or from the edges of what they may hold: zeros, ties and so on.',
  }),
  HD4031: entry<{ out: string }>({
    title: 'nothing to resume',
    message: ({ out }) => `${quotedPath(out)} holds nothing of a study that was begun`,
    hint: () => 'name the folder of the study by --out, or leave --resume out to begin',
    explanation: 'A study goes on where it ended whenever its folder is the same; --resume makes sure that it is.',
  }),
  HD4021: entry<UnknownName>({
    title: 'unknown target',
    message: ({ name }) => `there is no target ${quoted(name)}`,
    hint: ({ suggestion, known }) => oneOfThese(suggestion, known),
    explanation: 'A target is what a spec is compiled to.',
  }),
  HD4022: entry<UnknownName>({
    title: 'unknown device',
    message: ({ name }) => `there is no device ${quoted(name)}`,
    hint: ({ suggestion, known }) => oneOfThese(suggestion, known),
    explanation: 'A device runs a compiled spec; `heddle devices` says which can run here.',
  }),
  HD4023: entry<UnknownName>({
    title: 'unknown dtype',
    message: ({ name }) => `results cannot be written as ${quoted(name)}`,
    hint: ({ suggestion, known }) => oneOfThese(suggestion, known),
    explanation: 'Results are floats; each is rounded once, to the nearest, when it is written.',
  }),
  HD4024: entry<UnknownName>({
    title: 'unknown pass',
    message: ({ name }) => `there is no pass ${quoted(name)}`,
    hint: ({ suggestion, known }) => oneOfThese(suggestion, known),
    explanation: 'Passes rewrite the score graph one after the other, in the order of this list.',
  }),
  HD4032: entry<UnknownName>({
    title: 'unknown pass over tile programs',
    message: ({ name }) => `there is no pass ${quoted(name)} over tile programs`,
    hint: ({ suggestion, known }) => oneOfThese(suggestion, known),
    explanation:
      'Passes over tile programs rewrite what a schedule has made, in the order of this list. Those over the score graph are ' +
      'asked for with `--pass`.',
  }),
  HD4033: entry<{ name: string; remedy: string }>({
    title: 'work that needs Node',
    message: ({ name }) => `${name} needs Node, and this is a page`,
    hint: ({ remedy }) => remedy,
    explanation:
      'In a page the compiler reads texts and computes in JavaScript: it has no disk, no processes and no drivers of its own.',
  }),
  HD4034: entry<UnknownName>({
    title: 'unknown option of an import',
    message: ({ name }) => `an import of a spec has no option ${quoted(name)}`,
    hint: ({ suggestion, known }) => oneOfThese(suggestion, known),
    explanation:
      'What stands behind `?heddle` in an import are options of `heddle compile`, and settings as `set.heads=8`: ' +
      "`import { createMta } from './mta.ts?heddle&dtype=f16&set.heads=8'`.",
  }),
  HD4035: entry<{ target: string; targets: readonly string[] }>({
    title: 'import of what is no module',
    message: ({ target }) => `the target ${target} makes no module of JavaScript that could be imported`,
    hint: ({ target, targets }) =>
      `import target=${targets.join(' or target=')}, or compile it: heddle compile SPEC --target ${target}`,
    explanation: 'A bundler takes modules of JavaScript. What other targets make is used from C++, CUDA or Python.',
  }),
  HD4036: entry<UnknownName>({
    title: 'unknown template',
    message: ({ name }) => `there is no template ${quoted(name)}`,
    hint: ({ suggestion, known }) => oneOfThese(suggestion, known),
    explanation:
      'A template is a worked project of this package, under the name of its folder in examples/integrations.',
  }),
  HD4037: entry<{ known: readonly string[] }>({
    title: 'template that nobody chose',
    message: () => 'init needs the option --template, as nobody is there to be asked',
    hint: ({ known }) => oneOfThese(undefined, known),
    explanation: '`heddle init` asks where its standard input is a terminal, and has no template that fits everybody.',
  }),
  HD4038: entry<{ reason: string }>({
    title: 'instructions that cannot be counted',
    message: ({ reason }) => `machine instructions cannot be counted here: ${reason}`,
    hint: () => 'leave --sass out, or install what is missing: it takes nvcc and nvdisasm',
    explanation:
      '`heddle explain --sass` compiles CUDA kernels with nvcc and reads what nvdisasm says of them. The CUDA toolkit has both, ' +
      'nvdisasm in a package of its own; `HEDDLE_NVDISASM` names one that is neither on the PATH nor beside nvcc.',
  }),
  HD4025: entry<{ device: string; reason: string; remedy: string }>({
    title: 'unavailable device',
    message: ({ device, reason }) => `the device ${device} cannot run here: ${reason}`,
    hint: ({ remedy }) => remedy,
    explanation: 'No other device takes its place, so that a result always comes from the device that was named.',
  }),
  HD4027: entry<{ device: string }>({
    title: 'call that does not fit into memory',
    message: ({ device }) => `the device ${device} cannot set aside memory for this call`,
    hint: () => 'use fewer keys, heads or batch entries, or ask for fewer rows',
    explanation:
      'The interpreter, and devices without fused kernels, hold scores for every query, key and head at once.',
  }),
  HD4028: entry<{ option: string; target: string; takers: readonly string[] }>({
    title: 'option of another target',
    message: ({ option, target }) => `the target ${target} does not take ${option}`,
    hint: ({ option, takers }) => `leave ${option} out, or compile with --target ${takers.join(' or ')}`,
    explanation: 'Targets differ in what can be chosen; an option that would have no effect is refused.',
  }),
  HD4029: entry<{ option: string; value: string; values: readonly string[] }>({
    title: 'bad value of an option',
    message: ({ option, value }) => `${option} cannot be ${quoted(value)}`,
    hint: ({ values }) => `choose one of ${values.join(', ')}`,
    explanation: 'The help of each command lists the values of its options.',
  }),
  HD4041: entry<{ name: string; why: readonly string[] }>({
    title: 'study of which nothing compiles',
    message: ({ name, why }) => `no variant of ${quoted(name)} compiles: ${why[0] ?? 'it has none'}`,
    hint: () => 'compile the spec alone to see where it is wrong: heddle compile SPEC',
    example: { name: 'kernels', why: ['heads is 0, but must be at least 1'] },
    explanation: 'A package holds the variants of a study that compile; where none does, there is nothing to write.',
  }),
  HD4042: entry<{ name: string; why: string }>({
    severity: 'warning',
    title: 'variant left out',
    message: ({ name, why }) => `the package does not have the variant ${quoted(name)}: ${why}`,
    hint: () => 'mend its spec or its settings, and compile the study again',
    explanation:
      'One variant that does not compile does not keep the others from being packaged; the package says why.',
  }),
  HD4043: entry<{ name: string; target: string }>({
    title: 'study for a target without packages',
    message: ({ name, target }) => `${quoted(name)} is a study, and --target ${target} compiles specs`,
    hint: () => 'make a Python package of all its variants with --target torch, or with --target cuda --bind torch',
    example: { name: 'kernels', target: 'wgsl' },
    explanation:
      'The variants of a study become one package, which only PyTorch has a form for; each spec compiles alone to any target.',
  }),
  HD4044: entry<{ name: string }>({
    title: 'setting of a study',
    message: ({ name }) => `--set changes a spec, and ${quoted(name)} is a study`,
    hint: () => "write the setting into the study's base or into a variant",
    example: { name: 'kernels' },
    explanation:
      'A study says itself which settings its variants have, so that what it compares is what its file says.',
  }),
  HD4045: entry<{ name: string; alternative: string }>({
    title: 'nothing to tune',
    message: ({ name, alternative }) =>
      `the launcher of ${quoted(name)} has one set of kernels, ${alternative}, at every call`,
    hint: () =>
      'compile other schedules or tiles with heddle compile --schedule and --tiles, and time those against each other',
    example: { name: 'mta', alternative: 'slab-22x32' },
    explanation:
      'Tuning chooses between the alternatives of a launcher; where no call would clearly rather have another program, there is one.',
  }),
  HD4101: entry<{ path: string; suggestion: string | undefined }>({
    title: 'file not found',
    message: ({ path }) => `there is no file ${quotedPath(path)}`,
    hint: ({ suggestion }) =>
      suggestion === undefined
        ? 'check the path; relative paths start at the current folder'
        : `did you mean ${quotedPath(suggestion)}?`,
    explanation: 'Files are named by the command line, and none is looked for anywhere else.',
  }),
  HD4102: entry<{ path: string }>({
    title: 'folder in place of a file to read',
    message: ({ path }) => `${quotedPath(path)} is a folder, not a file`,
    hint: () => 'name the file inside the folder',
    explanation: 'Folders are not searched for something that could be meant.',
  }),
  HD4103: entry<{ path: string }>({
    title: 'file that may not be read',
    message: ({ path }) => `${quotedPath(path)} may not be read`,
    hint: () => 'give this user permission to read the file and to enter its folders',
    explanation: 'The operating system refused to open the file.',
  }),
  HD4104: entry<{ path: string; reason: string }>({
    title: 'file that cannot be read',
    message: ({ path, reason }) => `${quotedPath(path)} cannot be read: ${reason}`,
    hint: () => 'check that the path names an ordinary file of at most 2 GiB on a working disk',
    explanation: 'Whatever else the operating system reports while a file is read is passed on in its own words.',
  }),
  HD4111: entry<{ path: string; parent: string }>({
    title: 'file in place of a folder',
    message: ({ path, parent }) =>
      `${quotedPath(path)} cannot be written, because ${quotedPath(parent)} is not a folder`,
    hint: () => 'choose another path, or move that file out of the way',
    explanation: 'Missing folders are created, but nothing that exists is ever replaced by a folder.',
  }),
  HD4112: entry<{ path: string }>({
    title: 'folder in place of a file to write',
    message: ({ path }) => `${quotedPath(path)} cannot be written, because it is a folder`,
    hint: () => 'name a file inside the folder, or choose another path',
    explanation: 'A folder is never replaced by a file.',
  }),
  HD4113: entry<{ path: string }>({
    title: 'file that may not be written',
    message: ({ path }) => `${quotedPath(path)} may not be written`,
    hint: () => 'give this user permission to write to its folder, or choose a path elsewhere',
    explanation: 'A file is written beside its final place first, so its folder must be writable, not only the file.',
  }),
  HD4114: entry<{ path: string }>({
    title: 'disk full',
    message: ({ path }) => `there is no space left to write ${quotedPath(path)}`,
    hint: () => 'free some space, or choose a path on another disk',
    explanation: 'Nothing half-written is left behind: the file is as it was before, or absent.',
  }),
  HD4115: entry<{ path: string; reason: string }>({
    title: 'file that cannot be written',
    message: ({ path, reason }) => `${quotedPath(path)} cannot be written: ${reason}`,
    hint: () => 'check the path, or choose another one',
    explanation: 'Whatever else the operating system reports while a file is written is passed on in its own words.',
  }),
  HD4116: entry<{ folder: string; name: string }>({
    title: 'file outside its folder',
    message: ({ folder, name }) => `${quoted(name)} does not name a file inside ${quotedPath(folder)}`,
    hint: () => "use a relative name without '..'",
    explanation: 'File names can come from names in a spec, and a spec must not decide where on the disk to write.',
  }),
  HD4117: entry<{ reason: string }>({
    title: 'standard output that cannot be written',
    message: ({ reason }) => `standard output cannot be written: ${printable(reason)}`,
    hint: () => 'make space where it leads, or write to a folder with --out',
    explanation: 'What was written before is cut short, so the command ends with an error though its work is done.',
  }),
  HD4118: entry<{ path: string }>({
    title: 'file that is there already',
    message: ({ path }) => `${quotedPath(path)} is there already, and a new project would write over it`,
    hint: () => 'name an empty folder, or move the file out of the way',
    explanation: '`heddle init` begins projects; it changes none.',
  }),
} as const;

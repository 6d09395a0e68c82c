// Pieces of Python text that know how tightly they bind, so that they are put together with few parentheses,
// and the names that emitted Python uses.

import { identifierFrom, type NameRules } from '../shared/text/names.js';
import { type Source, stringLiteral } from '../shared/text/source.js';

/** Binding strength of an expression's outermost operator; larger binds tighter. */
export const level = {
  conditional: 1,
  or: 2,
  and: 3,
  not: 4,
  compare: 5,
  bitOr: 6,
  bitExclusiveOr: 7,
  bitAnd: 8,
  shift: 9,
  add: 10,
  multiply: 11,
  unary: 12,
  power: 13,
  atom: 20,
} as const;

export interface Code {
  readonly text: string;
  readonly level: number;
}

export const atom = (text: string): Code => ({ text, level: level.atom });

/** `code` as an operand that must bind at least as tightly as `least`. */
export const within = (code: Code, least: number): string => (code.level >= least ? code.text : `(${code.text})`);

/** A left-associative binary operation. Comparisons do not associate in Python: both sides must bind tighter. */
export function infix(left: Code, operator: string, right: Code, at: number): Code {
  const least = at === level.compare ? at + 1 : at;
  return { text: `${within(left, least)} ${operator} ${within(right, at + 1)}`, level: at };
}

export const prefix = (operator: string, operand: Code): Code => ({
  text: `${operator}${within(operand, level.unary)}`,
  level: level.unary,
});

export const call = (name: string, ...operands: readonly (Code | string)[]): Code =>
  atom(`${name}(${operands.map((operand) => (typeof operand === 'string' ? operand : operand.text)).join(', ')})`);

/** A method or attribute of `code`: `.transpose(1, 2)`. */
export const member = (code: Code, text: string): Code => atom(`${within(code, level.atom)}.${text}`);

export const indexed = (code: Code, slots: readonly string[]): Code =>
  atom(`${within(code, level.atom)}[${slots.join(', ')}]`);

/** An integer as a Python literal. */
export const integerLiteral = (value: number): Code =>
  value < 0 ? { text: `-${-value}`, level: level.unary } : atom(String(value + 0));

/** A float as a Python literal: its shortest form that reads back as the same double, and recognisably a float. */
export function floatLiteral(value: number): Code {
  if (Number.isNaN(value)) return atom('nan');
  if (value === Number.POSITIVE_INFINITY) return atom('inf');
  if (value < 0 || Object.is(value, -0)) return { text: `-${floatLiteral(-value).text}`, level: level.unary };
  const text = String(value);
  return atom(/[.e]/.test(text) ? text : `${text}.0`);
}

/** A string literal. */
export const quoted = (text: string): Source<'python'> => stringLiteral('python', text);

/** `(a, b)` or `(a,)`. */
export const tuple = (parts: readonly string[]): string => `(${parts.join(', ')}${parts.length === 1 ? ',' : ''})`;

/** `groupedQuery` and `grouped-query` as `GroupedQuery`. */
export function className(text: string): string {
  const name = identifierFrom(text).replace(/_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return name[0]!.toUpperCase() + name.slice(1);
}

const keywords = [
  'and as assert async await break class continue def del elif else except finally for from global if import in is',
  'lambda nonlocal not or pass raise return try while with yield None True False self',
].flatMap((line) => line.split(' '));

/** What a name ends with that is not free: words of the language get an underscore, as people write them. */
export const endingOf = (name: string): string => (keywords.includes(identifierFrom(name)) ? '_' : '');

/** Functions and exceptions that are there without an import. */
const builtins = [
  'ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError',
  'BytesWarning ChildProcessError ConnectionError DeprecationWarning EOFError Ellipsis EnvironmentError Exception ExceptionGroup',
  'FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning',
  'IndentationError IndexError InterruptedError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError',
  'NotImplemented NotImplementedError OSError OverflowError PermissionError RecursionError ReferenceError RuntimeError',
  'RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError',
  'UnboundLocalError UnicodeError UserWarning ValueError Warning ZeroDivisionError abs aiter all anext any ascii bin bool',
  'breakpoint bytearray bytes callable chr classmethod compile complex copyright credits delattr dict dir divmod enumerate eval',
  'exec exit filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len',
  'license list locals map max memoryview min next object oct open ord pow print property quit range repr reversed round set',
  'setattr slice sorted staticmethod str sum super tuple type vars zip match case',
].flatMap((line) => line.split(' '));

/** What emitted modules import and call their own values. */
const own = 'torch F Tensor NamedTuple Optional inf nan math rows dtype device given B Tq Tk R names ctx'.split(' ');

/** Inputs and values of emitted functions. */
export const pythonNames: NameRules<'python'> = {
  language: 'python',
  reserved: new Set([...keywords, ...builtins, ...own]),
};

/**
 * Modules of the standard library, and those that emitted programs import: a file of that name beside a program takes the place
 * of the module, for everything that imports it.
 */
const modules = [
  'abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2',
  'cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall concurrent configparser',
  'contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest',
  'email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath',
  'getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io',
  'ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap',
  'modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os',
  'ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty',
  'pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched',
  'secrets select selectors shelve shlex shutil signal site sitecustomize smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile',
  'sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny',
  'tarfile telnetlib tempfile termios test textwrap this threading time timeit tkinter token tokenize tomllib trace traceback',
  'tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib usercustomize uu uuid venv warnings wave weakref',
  'webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo',
  'torch numpy typing_extensions setuptools pip wheel pkg_resources setup build dist sympy networkx',
].flatMap((line) => line.split(' '));

/** The function of a module, its file and its package; with it `description eager library operator` are files of a package. */
export const moduleNames: NameRules<'python'> = {
  language: 'python',
  reserved: new Set([
    ...pythonNames.reserved,
    ...modules,
    ...'description eager library operator use_library use_alternative chosen_alternative reason_for_eager call'.split(
      ' ',
    ),
  ]),
};

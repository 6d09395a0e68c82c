// What may not be a name in CUDA: words of C and C++, macros and functions of the headers that are included, and what the emitted
// file is written with.
import type { NameRules } from '../../shared/text/names.js';
import { includesText, primitivesText } from './primitives.js';

const words = (...lines: readonly string[]): readonly string[] => lines.flatMap((line) => line.split(' '));

/** Words that C and C++ keep for themselves, up to C++23 and C23. */
const keywords = words(
  'alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class co_await co_return',
  'co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do double dynamic_cast',
  'else enum explicit export extern false final float for friend goto if import inline int long module mutable namespace new',
  'noexcept not not_eq nullptr operator or or_eq override private protected public register reinterpret_cast requires restrict',
  'return short signed sizeof static static_assert static_cast struct switch template this thread_local throw true try typedef',
  'typeid typename typeof typeof_unqual union unsigned using virtual void volatile wchar_t while xor xor_eq asm fortran inline',
);

/** Macros in small letters, of C, of POSIX and of Windows, and names that compilers define in their own dialect. */
const macros = words(
  'assert errno stdin stdout stderr offsetof setjmp va_start va_end va_arg va_copy unix linux i386 complex imaginary I noreturn',
  'isnan isinf isfinite isnormal signbit fpclassify isgreater isless isunordered math_errhandling major minor makedev environ',
  'near far small interface min max hyper cdecl pascal sigmask st_atime st_mtime st_ctime sa_handler sa_sigaction si_value',
  's_addr h_addr signals slots emit foreach fd_set',
);

/** Types and variables of the headers, and of what CUDA defines in every file. */
const declared = words(
  'std size_t ptrdiff_t nullptr_t max_align_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t',
  'dim3 uint3 int2 int3 int4 uint2 uint4 float1 float2 float3 float4 double2 double3 double4 half half2 threadIdx blockIdx blockDim',
  'gridDim warpSize cudaError_t cudaStream_t cudaSuccess cudaErrorInvalidValue cudaErrorMisalignedAddress emulation main',
);

/** What kernels and launchers call their own values, beside the sizes of a launch. */
const own = words(
  'Launch launch lane warp_row warp_column warpgroup thread block line left e m n k half pair select sign least most smaller larger power narrowed size_of to_integer min max',
  'tensors sizes workspace workspace_size stream parts error blocks maps shape strides given',
  'Workspace align_up lay_out are_sizes take_strides start_kernel make_map range',
  'alternative rows_of_costs keys_of_costs costs place_of cost_at multiprocessors taken_for',
  'heads_together heads_to_go_together second_cache heads',
);

/** The functions, types and macros of the text that every file begins with; comments are not it. */
const called = (text: string): readonly string[] =>
  Array.from(
    text
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      .matchAll(/\b([A-Za-z_]\w*)(?=\s*[(<])|\b(?:struct|class|define|typename)\s+(\w+)/g),
    ([, name, type]) => (name ?? type)!,
  );

/** Macros are written so, as NULL and INT_MAX are: no list holds all of them. So are names that headers keep for themselves. */
const isMacro = (name: string): boolean => /^[A-Z][A-Z0-9_]*$/.test(name) || name.includes('__');

/** Fields of a launch that are none of a tensor's. */
const sizeFields = words('batch queries keys rows size');

/** Fields of structures: they meet words and macros alone. */
export const cudaFieldNames: NameRules<'cuda'> = {
  language: 'cuda',
  reserved: new Set([...keywords, ...macros, ...sizeFields]),
  isReserved: isMacro,
};

const functionsAndTypes = new Set([
  ...cudaFieldNames.reserved,
  ...declared,
  ...own,
  ...called(primitivesText([], 'heddle')),
  ...called(includesText('', 'heddle')),
]);

/** Functions, types and namespaces of the file. */
export const cudaNames: NameRules<'cuda'> = { language: 'cuda', reserved: functionsAndTypes, isReserved: isMacro };

/** Values of a kernel: numbered names are those that its writer makes. */
export const cudaValueNames: NameRules<'cuda'> = {
  language: 'cuda',
  reserved: functionsAndTypes,
  isReserved: (name) => isMacro(name) || /_\d+$/.test(name),
};

/** Headers that a file called like them would take the place of, on whatever path it lies. */
const headers = words(
  'algorithm alloca any array assert atomic barriers bit bits bitset builtin_types cassert ccomplex cctype cerrno cfenv cfloat channel_descriptor',
  'charconv chrono cinttypes climits clocale cmath common_functions compare complex concepts crtdefs csetjmp csignal cstdarg cstddef',
  'cstdint cstdio cstdlib cstring ctime ctype cuda cuda_bf16 cuda_device_runtime_api cuda_fp16 cuda_fp8 cuda_runtime',
  'cuda_runtime_api cudart_platform cwchar cwctype deque device_double_functions device_functions device_launch_parameters',
  'device_types dirent dlfcn driver_functions driver_types elf endian errno exception execution fcntl features fenv filesystem float',
  'format fstream functional future getopt grp host_config host_defines initializer_list inttypes io iomanip ios iosfwd iostream iso646',
  'istream iterator langinfo library_types limits limits.h link linux list locale machine malloc map math math_constants math_functions',
  'memory memory_resource mma mutex netdb new numbers numeric nvrtc optional ostream poll primitives pthread pwd queue random ranges ratio',
  'regex regex sched search semaphore set setjmp sgtty signal sm_20_atomic_functions sm_60_atomic_functions span sstream stack stdalign',
  'stdarg stdatomic stdbool stddef stdexcept stdint stdio stdlib stdnoreturn streambuf string string_view strings surface_types',
  'syscall syslog system_error termios texture_types tgmath thread threads time tuple type_traits typeindex typeinfo uchar ucontext',
  'unistd unordered_map unordered_set utility valarray values variant vector vector_functions vector_types version wait warpgroup',
  'warpgroups wchar wctype windows xlocale crt driver',
);

const headerNames = new Set(headers);

/**
 * What the files of a spec are called: their header stands on the path of includes. Systems that know no capitals would find
 * one for the other.
 */
export const fileNameOf = (name: string): string => (headerNames.has(name.toLowerCase()) ? `${name}_kernels` : name);

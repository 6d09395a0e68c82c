// What builds the Python package ahead of time: setup.py with torch.utils.cpp_extension, and pyproject.toml beside it.
// Where there is no CUDA compiler the package installs without a library, and builds it when it is first needed.
import { insideDocumentation, type Source } from '../shared/text/source.js';
import { quoted } from '../torch/python.js';

/** Versions as Python spells them. */
const pythonVersion = (version: string): string => (/^\d+(\.\d+)*$/.test(version) ? version : '0');

/** What setup.py builds and installs. */
export interface Setup {
  /** What is built, in words. */
  readonly title: string;
  /** The Python package, and those inside of it. */
  readonly package: Source<'python'>;
  readonly inner: readonly Source<'python'>[];
  /** The packages of one spec each, with the .cu files of each. */
  readonly kernels: readonly { readonly path: readonly Source<'python'>[]; readonly files: readonly string[] }[];
  readonly version: string;
  /** The one architecture that kernels run on. */
  readonly only: string | undefined;
}

export function setupText({ title, package: name, inner, kernels, version, only }: Setup): string {
  const flags = ['-O3', '-std=c++17', ...(only === undefined ? [] : [`-gencode=arch=compute_${only},code=sm_${only}`])];
  const extensions = kernels.flatMap(({ path, files }) => [
    '        CUDAExtension(',
    `            ${quoted([...path, '_kernels'].join('.'))},`,
    `            [${files.map((file) => quoted([...path, file].join('/'))).join(', ')}],`,
    `            extra_compile_args={'cxx': [], 'nvcc': [${flags.map(quoted).join(', ')}]},`,
    "            extra_link_args=['-Wl,-Bsymbolic'],",
    '        )' + (kernels.length > 1 ? ',' : ''),
  ]);
  const packages = [name, ...inner.map((each) => `${name}.${each}`)];
  const data = kernels.map(({ path }) => `${quoted(path.join('.'))}: ['*.cu', '*.h']`);
  return `"""Builds ${insideDocumentation(title)} ahead of time: pip install --no-build-isolation .

${
  only === undefined
    ? 'TORCH_CUDA_ARCH_LIST names the architectures, from 8.0 on; 8.0 and 9.0, and PTX for later ones, unless told.'
    : `Kernels are for sm_${only} alone.`
}
"""
import os

from setuptools import setup

try:
    from torch.utils.cpp_extension import CUDA_HOME, BuildExtension, CUDAExtension
except ImportError:
    raise SystemExit('PyTorch is not here to build with: install torch, then pip install --no-build-isolation .')

os.environ.setdefault('TORCH_CUDA_ARCH_LIST', '8.0;9.0+PTX')
if CUDA_HOME is None:
    print('There is no CUDA compiler: the package is installed without its library, and builds it when it is first needed.')

extension = {} if CUDA_HOME is None else {
    'ext_modules': [
${extensions.join('\n')}
    ],
    'cmdclass': {'build_ext': BuildExtension.with_options(no_python_abi_suffix=True)},
}
setup(
    name='heddle-${name.replaceAll('_', '-')}',
    version='${pythonVersion(version)}',
    packages=[${packages.map(quoted).join(', ')}],
    package_data={${data.join(', ')}},
    python_requires='>=3.8',
    **extension,
)
`;
}

/** setup.py of a package without kernels, which only installs. */
export const plainSetupText = (name: Source<'python'>, version: string): string =>
  `"""Installs the package: pip install ."""
from setuptools import setup

setup(
    name='heddle-${name.replaceAll('_', '-')}',
    version='${pythonVersion(version)}',
    packages=['${name}'],
    python_requires='>=3.8',
)
`;

export const pyprojectText = `[build-system]
requires = ["setuptools>=70.1"]
build-backend = "setuptools.build_meta"
`;

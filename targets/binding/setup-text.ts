// What builds the Python package ahead of time: setup.py with torch.utils.cpp_extension, and pyproject.toml beside it.
// Where there is no CUDA compiler the package installs without a library, and builds it when it is first needed.
import { quoted } from '../torch/python.js';
import type { Binding } from './description-text.js';

/** Versions as Python spells them. */
const pythonVersion = (version: string): string => (/^\d+(\.\d+)*$/.test(version) ? version : '0');

export function setupText({ emitted, signature }: Binding, only: string | undefined): string {
  const name = signature.function;
  const flags = ['-O3', '-std=c++17', ...(only === undefined ? [] : [`-gencode=arch=compute_${only},code=sm_${only}`])];
  return `"""Builds ${emitted.name} ahead of time: pip install --no-build-isolation .

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
        CUDAExtension(
            '${name}._kernels',
            ['${name}/${emitted.name}.cu'],
            extra_compile_args={'cxx': [], 'nvcc': [${flags.map(quoted).join(', ')}]},
            extra_link_args=['-Wl,-Bsymbolic'],
        )
    ],
    'cmdclass': {'build_ext': BuildExtension.with_options(no_python_abi_suffix=True)},
}
setup(
    name='heddle-${name.replaceAll('_', '-')}',
    version='${pythonVersion(signature.origin.version)}',
    packages=['${name}'],
    package_data={'${name}': ['*.cu', '*.h']},
    python_requires='>=3.8',
    **extension,
)
`;
}

export const pyprojectText = `[build-system]
requires = ["setuptools>=70.1"]
build-backend = "setuptools.build_meta"
`;

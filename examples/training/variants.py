"""Finds the attention that a run trains: a variant of a package that `heddle compile STUDY --target torch` made. A study beside this
file is compiled when it is first needed, and again when it or the compiler is newer than its package."""
import fcntl
import importlib
import json
import os
import shutil
import subprocess
import sys

from settings import Refused

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = os.path.join(HERE, 'packages')
COMPILER = os.path.join(HERE, '..', '..', 'dist', 'cli', 'main.js')


def studies():
    """The names of the studies beside this file."""
    return sorted(name[:-3] for name in os.listdir(HERE) if name.endswith('.ts'))


def is_current(folder, study):
    manifest = os.path.join(folder, 'manifest.json')
    sources = [path for path in (study, COMPILER) if os.path.isfile(path)]
    return os.path.isfile(manifest) and all(os.path.getmtime(manifest) >= os.path.getmtime(path) for path in sources)


def compiled(name):
    """The folder of the package of a study beside this file. Of several processes one compiles. Raises Refused."""
    folder, study = os.path.join(PACKAGES, name), os.path.join(HERE, f'{name}.ts')
    os.makedirs(PACKAGES, exist_ok=True)
    with open(os.path.join(PACKAGES, f'{name}.lock'), 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current(folder, study):
            return folder
        node = shutil.which('node')
        if node is None or not os.path.isfile(COMPILER):
            root = os.path.realpath(os.path.join(HERE, '..', '..'))
            raise Refused(f'package={name} is not compiled, which takes Node and the compiler: run npm ci in {root}')
        command = [node, COMPILER, 'compile', study, '--target', 'torch', '--out', folder]
        made = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        if made.returncode != 0:
            raise Refused(f'package={name} does not compile: {made.stderr.strip()}')
    return folder


def package_of(name):
    """The package, by the name of a study beside this file or by the folder that it was compiled to. Raises Refused."""
    folder = compiled(name) if name in studies() else name
    if not os.path.isfile(os.path.join(folder, 'manifest.json')):
        raise Refused(
            f'package={name} is neither one of {", ".join(studies())} nor a folder that a study was compiled to: '
            'heddle compile STUDY.ts --target torch --out FOLDER makes one'
        )
    with open(os.path.join(folder, 'manifest.json'), encoding='utf-8') as file:
        manifest = json.load(file)
    if 'variants' not in manifest:
        raise Refused(f'package={name} holds one spec: compile a study, which has variants')
    folder = os.path.abspath(folder)
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(manifest['package'])
    finally:
        sys.path.remove(folder)


def variant_of(package, name):
    """The class of a variant. Raises Refused."""
    try:
        return package.variants[name]
    except KeyError as error:
        raise Refused(f'{error.args[0]}, in the package {package.__name__}') from None

"""Finds the attention that a run trains: a variant of a package that `heddle compile STUDY --target torch` made."""
import importlib
import json
import os
import sys

from settings import Refused

PACKAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'packages')


def package_of(name):
    """The package, by its name among those beside this file or by the folder it was compiled to. Raises Refused."""
    folders = [os.path.join(PACKAGES, name), name]
    found = [folder for folder in folders if os.path.isfile(os.path.join(folder, 'manifest.json'))]
    if not found:
        raise Refused(
            f'package={name} is neither one of {", ".join(sorted(os.listdir(PACKAGES)))} nor a folder that a study was compiled '
            'to: heddle compile STUDY.ts --target torch --out FOLDER makes one'
        )
    with open(os.path.join(found[0], 'manifest.json'), encoding='utf-8') as file:
        manifest = json.load(file)
    if 'variants' not in manifest:
        raise Refused(f'package={name} holds one spec: compile a study, which has variants')
    folder = os.path.abspath(found[0])
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

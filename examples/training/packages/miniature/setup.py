"""Installs the package: pip install ."""
from setuptools import setup

setup(
    name='heddle-miniature',
    version='0.1.0',
    packages=['miniature'],
    python_requires='>=3.8',
)

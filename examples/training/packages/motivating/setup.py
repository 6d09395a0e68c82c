"""Installs the package: pip install ."""
from setuptools import setup

setup(
    name='heddle-motivating',
    version='0.1.0',
    packages=['motivating'],
    python_requires='>=3.8',
)

"""The compilers of apps that are here, and how an app is compiled for a test."""

import functools
import os
import re
import shutil
import subprocess

from support.paths import ROOT

INCLUDE = os.path.join(ROOT, "include")
# In the order of preference: where g++ is too old, clang++-19 is what the documentation names.
NAMES = ("clang++-19", "g++")
ALLOW_OLD = "-DAIOPYR_ALLOW_GCC12"


@functools.cache
def is_too_old(name):
    """Whether the public headers refuse that compiler: g++ before 13."""
    version = subprocess.run([name, "-dumpversion"], capture_output=True, text=True, check=True).stdout
    return re.match(r"g\+\+", os.path.basename(name)) is not None and int(version.split(".")[0]) < 13


@functools.cache
def app_compilers():
    """Returns the compilers that are here and that apps may be compiled with."""
    return [name for name in NAMES if shutil.which(name) and not is_too_old(name)]


def compiler_commands():
    """Returns the command of each compiler of NAMES that is here, with what lets an old one go on."""
    return [[name, *([ALLOW_OLD] if is_too_old(name) else [])] for name in NAMES if shutil.which(name)]


def app_compiler():
    """Returns a command that compiles apps: with a compiler for them where there is one."""
    return [app_compilers()[0]] if app_compilers() else ["g++", ALLOW_OLD]


def compile_app(path, source, *flags, include=INCLUDE, compiler=None):
    """Makes a shared object of this source. Fails the test, with what the compiler says, if it can't."""
    done = subprocess.run(
        [*(compiler or app_compiler()), "-std=c++20", "-O0", "-fPIC", "-shared", "-I", include, *flags,
         "-o", path, "-x", "c++", "-"],
        input=source, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{path} could not be compiled:\n{done.stderr}")
    return path

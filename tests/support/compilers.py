"""The compilers of apps that are installed, and the way to compile an app for a test."""

import functools
import os
import re
import shutil
import subprocess

from support.paths import ROOT

INCLUDE = os.path.join(ROOT, "include")
# In the order of preference: if g++ is too old, the documentation recommends clang++-19.
NAMES = ("clang++-19", "g++")
ALLOW_OLD = "-DAIOPYR_ALLOW_GCC12"


@functools.cache
def is_too_old(name):
    """Returns whether the public headers refuse that compiler: g++ before 13."""
    version = subprocess.run([name, "-dumpversion"], capture_output=True, text=True, check=True).stdout
    return re.match(r"g\+\+", os.path.basename(name)) is not None and int(version.split(".")[0]) < 13


@functools.cache
def app_compilers():
    """Returns the installed compilers with which apps may be compiled."""
    return [name for name in NAMES if shutil.which(name) and not is_too_old(name)]


def compiler_commands():
    """Returns the command of each installed compiler of NAMES, with the flag that makes an old one continue."""
    return [[name, *([ALLOW_OLD] if is_too_old(name) else [])] for name in NAMES if shutil.which(name)]


def app_compiler():
    """Returns a command that compiles apps, by a supported compiler if there is one."""
    return [app_compilers()[0]] if app_compilers() else ["g++", ALLOW_OLD]


def compile_app(path, source, *flags, include=INCLUDE, compiler=None):
    """Compiles this source to a shared object. Fails the test with the compiler's output if that fails."""
    done = subprocess.run(
        [*(compiler or app_compiler()), "-std=c++20", "-O0", "-fPIC", "-shared", "-I", include, *flags,
         "-o", path, "-x", "c++", "-"],
        input=source, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{path} could not be compiled:\n{done.stderr}")
    return path

"""Builds the plugin with uWSGI's own build system: `uwsgi --build-plugin .`

uWSGI would compile all sources in one call, one after another. So the objects are made here, in
parallel, and uWSGI gets them to link. Batches, flags and libraries are those of the Makefile.
"""

import concurrent.futures
import glob
import os
import shlex
import subprocess
import sys

NAME = "aiopyr"

# uWSGI runs this text without its path; the folder is its argument.
ROOT = os.path.realpath(sys.argv[sys.argv.index("--extra-plugin") + 1])
# The folder with uwsgi.h, which uWSGI has made in the current one.
BUILDER = os.path.realpath(".uwsgi_plugins_builder")
BUILT = os.path.join(BUILDER, NAME)

sys.path.insert(0, os.path.join(ROOT, "tools"))
from abi_hash import write_abi_hash  # noqa: E402
from batch_sources import write_batches  # noqa: E402


def read_list(name):
    with open(os.path.join(ROOT, "tools", name)) as lines:
        return lines.read().split()


def find_sources():
    found = []
    for folder in ("plugin", "runtime", "websocket"):
        found += glob.glob(os.path.join(folder, "**", "*.cc"), root_dir=ROOT, recursive=True)
    # Sources for the tests of apps are not in the plugin.
    return [source for source in found if "/testing/" not in source]


def uwsgi_macros():
    """How uWSGI was built: uwsgi.h depends on it."""
    flags = shlex.split(os.environ["UWSGI_PLUGINS_BUILDER_CFLAGS"])
    return [flag for flag in flags if flag.startswith(("-D", "-I/"))]


def compile_object(batch):
    """Returns the object's path as uWSGI wants it: relative to the plugin's folder."""
    name = os.path.relpath(batch, BUILT)[: -len(".cc")]
    target = os.path.join(BUILT, name + ".o")
    compiler = os.environ.get("CXX", "g++")
    command = [compiler, *read_list("compile_flags.txt")]
    command += ["-I" + os.path.join(ROOT, "include"), "-iquote", ROOT]
    # The same as the Makefile's BATCH_FLAGS and CLANG_FLAGS.
    command.append("-Wno-deprecated-declarations" if "clang" in compiler else "-Wno-subobject-linkage")
    if name.startswith("plugin" + os.sep):
        command += ["-isystem", BUILDER, *uwsgi_macros()]
    command += [*shlex.split(os.environ.get("CXXFLAGS", "")), "-c", "-o", target, batch]
    print("  CXX", name, flush=True)
    subprocess.run(command, check=True)
    return os.path.relpath(target, ROOT)


def compile_all():
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            return list(pool.map(compile_object, write_batches(BUILT, find_sources(), ROOT)))
        except subprocess.CalledProcessError:
            pool.shutdown(cancel_futures=True)
            sys.exit("*** unable to compile the aiopyr plugin ***")


CFLAGS = []
LDFLAGS = []
LIBS = [*read_list("libraries.txt"), "-lstdc++"]
write_abi_hash()
GCC_LIST = compile_all()

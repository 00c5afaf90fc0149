#!/usr/bin/python3
"""Groups sources into batches, each compiled as one: what they include is then read once.

    batch_sources.py FOLDER --group NAME SUBFOLDER SOURCE... --group NAME SUBFOLDER SOURCE...

Writes one file of `#include`s a batch below FOLDER/SUBFOLDER, and FOLDER/batches.mk, in which make
finds the batches of each group: `NAME_BATCHES := runtime/text/batch1 ...`, without folder and suffix.
Only files that change are written. A batch holds sources of one wing, about BATCH_BYTES of them: the
rooms of a wing are small and read the same headers.
"""

import argparse
import itertools
import os
import re
import sys

BATCH_BYTES = 32 * 1024

# Folders whose subfolders are batched together, also below tests/unit. Three kinds of folders are wings of
# their own: `testing`, which goes into another library, plugin/services, whose namespace `uwsgi` cannot be
# used in the same file as the variable of that name, and those of clients/web, of which each goes into the
# library of its client.
WING = re.compile(
    r"(tests/unit/)?(runtime/web|runtime/async|websocket|clients/(?!web/)\w+|plugin)(?=/)(?!/(testing|services)$)"
)


def batches_of(sources, root, batch_bytes=BATCH_BYTES):
    """Returns pairs of a batch's name, which is a path without suffix, and its sources, sorted."""
    found = []
    for wing, files in itertools.groupby(sorted(sources, key=wing_first), wing_of):
        number, size = 0, 0
        for file in files:
            if number == 0 or size >= batch_bytes:
                number, size = number + 1, 0
                found.append((os.path.join(wing, f"batch{number}"), []))
            found[-1][1].append(file)
            size += os.path.getsize(os.path.join(root, file))
    return found


def wing_of(source):
    folder = os.path.dirname(source)
    wing = WING.match(folder)
    return wing.group() if wing else folder


def wing_first(source):
    return wing_of(source), os.path.split(source)


def write_batches(folder, sources, root="."):
    """Returns the paths of the batches. They include the sources by their names relative to root."""
    paths = []
    for name, files in batches_of(sources, root):
        path = os.path.join(folder, name + ".cc")
        write_if_changed(path, "".join(f'#include "{file}"\n' for file in files))
        paths.append(path)
    return paths


def write_if_changed(path, text):
    try:
        with open(path) as file:
            if file.read() == text:
                return
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def write_groups(folder, groups):
    """Writes the batches of all groups, triples of a name, a subfolder and sources, and batches.mk."""
    lines = []
    for name, subfolder, sources in groups:
        paths = write_batches(os.path.normpath(os.path.join(folder, subfolder)), sources)
        names = [os.path.relpath(path, folder).removesuffix(".cc") for path in paths]
        lines.append(" ".join([f"{name}_BATCHES :=", *names]) + "\n")
    write_if_changed(os.path.join(folder, "batches.mk"), "".join(lines))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--group", action="append", nargs="+", default=[])
    arguments = parser.parse_args()
    write_groups(arguments.folder, [(name, subfolder, sources)
                                    for name, subfolder, *sources in arguments.group])


if __name__ == "__main__":
    main()

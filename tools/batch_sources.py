#!/usr/bin/python3
"""Groups sources into batches, each compiled as one: what they include is then read once.

Writes one file of `#include`s a batch below FOLDER, rewriting only those that change, and prints
their paths. A batch holds sources of one folder, about BATCH_BYTES of them.
"""

import itertools
import os
import sys

BATCH_BYTES = 32 * 1024


def batches_of(sources, root, batch_bytes=BATCH_BYTES):
    """Pairs of a batch's name, which is a path without suffix, and its sources, sorted."""
    found = []
    for folder, files in itertools.groupby(sorted(sources, key=folder_first), os.path.dirname):
        number, size = 0, 0
        for file in files:
            if number == 0 or size >= batch_bytes:
                number, size = number + 1, 0
                found.append((os.path.join(folder, f"batch{number}"), []))
            found[-1][1].append(file)
            size += os.path.getsize(os.path.join(root, file))
    return found


def folder_first(source):
    return os.path.split(source)


def write_batches(folder, sources, root="."):
    """Returns the paths of the batches. They include the sources as these are named, from root."""
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


if __name__ == "__main__":
    print(*write_batches(sys.argv[1], sys.argv[2:]))

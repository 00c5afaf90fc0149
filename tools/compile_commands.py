#!/usr/bin/python3
"""Writes compile_commands.json, which tells clangd and other readers of C++ how each source is compiled.

    compile_commands.py [FLAG... -- SOURCE... --]...

Writes the sources with the flags before them, one entry a source, to the current folder.
"""

import itertools
import json
import os
import sys

PATH = "compile_commands.json"


def entries_of(arguments):
    """Returns one entry per source."""
    parts = [list(part) for is_end, part in itertools.groupby(arguments, lambda one: one == "--") if not is_end]
    for flags, sources in zip(parts[::2], parts[1::2]):
        for source in sources:
            yield {
                "directory": os.getcwd(),
                "file": source,
                "arguments": ["clang++", *flags, "-c", source],
            }


def main():
    with open(PATH, "w") as file:
        json.dump(list(entries_of(sys.argv[1:])), file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Wraps the prose of Markdown files at 100 columns: paragraphs and items of lists that have a longer line.

    wrap_docs.py [--check] FILE...

Tables, code and headings are left alone. --check only names the lines that are too long.
"""

import re
import sys

WIDTH = 100
FENCE = re.compile(r"^\s*(```|~~~)")
# The start of an item: its text continues with the same indentation.
ITEM = re.compile(r"^\s*(?:[-*+]|\d+\.) +")
# Text that is not prose, or must not begin a line of it.
APART = re.compile(r"^\s*(?:\||#|<|>|---|$)")
OPENS = re.compile(r"^(?:[-*+>|]|#+|\d+\.)$")
# Inline code is kept together, with what is attached to it.
WORD = re.compile(r"(?:`[^`\n]{1,60}`|\S)+")


def wrap(lines):
    """Returns the lines of a paragraph or an item, wrapped."""
    item = ITEM.match(lines[0])
    first = item.group() if item else re.match(r"\s*", lines[0]).group()
    rest = " " * len(first)
    text = " ".join([lines[0][len(first):], *(line.strip() for line in lines[1:])])
    done, line = [], first
    for word in WORD.findall(text):
        fits = len(line) + 1 + len(word) <= WIDTH
        if line in (first, rest):
            line += word
        elif fits or OPENS.match(word):
            line += " " + word
        else:
            done.append(line)
            line = rest + word
    return [*done, line]


def blocks(lines):
    """Returns pairs: whether it is prose, and the lines of a paragraph, of an item, or of anything else."""
    block, fenced = [], False
    for line in lines:
        is_fence = bool(FENCE.match(line))
        prose = not fenced and not is_fence and not APART.match(line)
        if block and (not prose or ITEM.match(line) or block[-1].endswith(("  ", "\\"))):
            yield True, block
            block = []
        if prose:
            block.append(line)
        else:
            yield False, [line]
        fenced ^= is_fence
    if block:
        yield True, block


def main():
    arguments = sys.argv[1:]
    check = "--check" in arguments
    failed = False
    for path in (argument for argument in arguments if argument != "--check"):
        with open(path) as file:
            lines = file.read().split("\n")
        wrapped = []
        for prose, block in blocks(lines):
            wanted = wrap(block) if prose and any(len(line) > WIDTH for line in block) else block
            if check and wanted != block:
                failed = True
                print(f"{path}:{len(wrapped) + 1}: longer than {WIDTH} columns: run tools/wrap_docs.py {path}")
            wrapped += block if check else wanted
        if wrapped != lines:
            with open(path, "w") as file:
                file.write("\n".join(wrapped))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

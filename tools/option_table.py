#!/usr/bin/python3
"""Prints the table of the plugin's options for docs/options.md, from what `uwsgi --help` says of them.

    option_table.py PLUGIN_FOLDER [--check | --write]

--check fails where the page shows another table, --write puts the table into the page. The plugin
states its options in plugin/server/option_list.cc, from where the help comes.
"""

import os
import pathlib
import re
import subprocess
import sys

PAGE = pathlib.Path(__file__).parent.parent / "docs/options.md"
# A line of the help: name, sentence, and the option's argument with its default.
LINE = re.compile(r"^ *--(aiopyr\S*) +(.*?)(?: \(([^()]*?)(?:; default ([^()]*))?\))?$")
HEAD = ["| Option | Takes | Default | What it is |", "|---|---|---|---|"]
TABLE = re.compile(re.escape("\n".join(HEAD)) + r"\n(\|.*\n)*")


def read_help(plugin_folder):
    command = [os.environ.get("UWSGI", "uwsgi"), "--plugins-dir", plugin_folder, "--plugins", "aiopyr", "--help"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    return done.stdout.splitlines()


def make_table(lines):
    rows = []
    for name, sentence, takes, default in (match.groups() for match in map(LINE.match, lines) if match):
        rows.append(f"| `{name}` | {takes or 'nothing'} | {default or ''} | {sentence} |".replace("|  |", "| |"))
    return "\n".join([*HEAD, *rows]) + "\n"


def main():
    table = make_table(read_help(sys.argv[1]))
    text = PAGE.read_text()
    if "--write" in sys.argv:
        PAGE.write_text(TABLE.sub(lambda _: table, text, 1))
    elif "--check" in sys.argv:
        if table not in text:
            sys.exit("docs/options.md: its table is not what the plugin says of its options: run "
                     "tools/option_table.py build --write")
    else:
        print(table, end="")


if __name__ == "__main__":
    main()

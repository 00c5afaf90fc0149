#!/usr/bin/python3
"""Checks which file includes what: the folders' order, and where the libraries may appear.

tools/house.txt lists the product's folders, lowest first. A folder may include itself and those above
it in the list. uwsgi.h belongs to plugin/, ev.h and Boost to a few sources of runtime/async, so that
public headers pull in neither. What <aiopyr/aiopyr.h> includes stays away from the standard headers
that take long to compile. The table that opens docs/architecture.md is that list.
"""

import pathlib
import re
import sys

# The tree to check: the argument, or the tree of this script.
ARGUMENTS = [argument for argument in sys.argv[1:] if argument != "--table"]
ROOT = pathlib.Path(ARGUMENTS[0] if ARGUMENTS else pathlib.Path(__file__).parent.parent).resolve()
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
# The most sources in a folder: a header and its .cc count as one.
MOST_SOURCES = 30


def read_house():
    """Returns pairs of a folder and its purpose, the lowest folder first."""
    lines = pathlib.Path(ROOT, "tools/house.txt").read_text().splitlines()
    return [tuple(line.split(None, 1)) for line in lines if line and not line.startswith("#")]


HOUSE = read_house()
RANK = {folder: rank for rank, (folder, _) in enumerate(HOUSE)}
# Folders that must not know a folder above them in the list: the protocol is useful without the web, and
# the clients are, in mules and in programs; what ties a client to the web is in clients/web.
STRANGERS = [
    ("websocket/protocol", "runtime/web"),
    *((f"clients/{client}", stranger) for client in ("base", "postgres", "redis", "http") for stranger in (
        "runtime/http1", "runtime/topics", "runtime/web", "websocket")),
]
# The plugin's HTTP/1 server, which unit tests run without uWSGI: it must not use uWSGI's structs.
WITHOUT_UWSGI = ("plugin/io", "plugin/connection")
WINGS = ("plugin", "runtime", "websocket", "clients")

# Library headers, and the only files that may include them.
OWNERS = [
    (r"uwsgi\.h$", r"plugin/"),
    (r"ev(\+\+)?\.h$", r"runtime/async/loop/\w+\.cc$"),
    (r"boost/context/", r"runtime/async/fibers/fiber\w*\.cc$"),
    (r"boost/", r"(runtime|websocket)/.*\.cc$|plugin/"),
    (r"postgresql/|libpq", r"clients/postgres/.*\.cc$"),
    (r"curl/", r"clients/http/.*\.cc$"),
    (r"openssl/", r"(runtime|websocket|clients)/.*\.cc$|plugin/"),
    (r"kainjow/|simdjson|zlib\.h$", r"(runtime|websocket)/.*\.cc$|plugin/"),
]

# The header that an app includes, and the standard headers that would make each of its files slow to compile.
PUBLIC = "include/aiopyr/aiopyr.h"
SLOW = set(
    "condition_variable execution filesystem format fstream future iomanip iostream istream locale "
    "ostream random regex sstream thread valarray".split()
)


def folder_of(path):
    """Returns the folder of the list in which a path relative to the root lies, or None."""
    folder = path.rpartition("/")[0]
    return folder if folder in RANK else None


def check_ours(path, target):
    """Returns problems of `path` (relative to the root) including our file `target` (likewise)."""
    if target == "abi_hash.h":  # made by tools/abi_hash.py, and of all layers alike
        return None
    if target == "the_error_above_says_what_to_do":  # not there: it ends a compilation (runtime/base/compiler.h)
        return None
    # The services' public name, which is a link.
    target = re.sub("^uwsgi/", "plugin/services/", target)
    if not (ROOT / target).is_file() and not (ROOT / "include/aiopyr" / target).is_file():
        return f"<aiopyr/{target}> does not exist"
    source, wanted = folder_of(path), folder_of(target)
    if source is None or wanted == source:
        return None
    if wanted is None:
        return f"<aiopyr/{target}> gathers all layers: only apps and tests may include it"
    if source in WITHOUT_UWSGI and target == "plugin/server/uwsgi_api.h":
        return f"{source} must not know uWSGI's structs: plugin/request carries what it needs into it"
    if any(source.startswith(one) and wanted.startswith(other) for one, other in STRANGERS):
        return f"{source} must not include {wanted}: it is to be used without it"
    if RANK[wanted] < RANK[source]:
        return None
    return (
        f"{source} must not include {wanted}, which tools/house.txt has below it: "
        "move what both need to a folder above both, or let the lower one declare an interface"
    )


def check_library(path, header):
    for pattern, owner in OWNERS:
        if re.match(pattern, header):
            if header == "uwsgi.h" and folder_of(path) in WITHOUT_UWSGI:
                return f"<{header}> must not be included in {folder_of(path)}"
            if folder_of(path) and not re.match(owner, path):
                return f"<{header}> may be included only in files that match {owner}: hide it there"
            return None
    return None


def check_line(path, line):
    match = INCLUDE.match(line)
    if not match:
        return None
    quote, header = match.groups()
    if header.startswith("aiopyr/"):
        return check_ours(path, header[len("aiopyr/") :])
    if quote == '"' and folder_of(path):
        return f'"{header}": write our includes as <aiopyr/folder/file.h>'
    return check_library(path, header)


def check_rooms():
    """Returns problems of the folders themselves."""
    sources = {}
    for wing in WINGS:
        for file in (ROOT / wing).rglob("*"):
            if file.suffix in (".h", ".cc"):
                folder = file.parent.relative_to(ROOT).as_posix()
                sources.setdefault(folder, set()).add(file.stem)
    for folder, stems in sorted(sources.items()):
        if folder not in RANK:
            yield f"{folder}: not in tools/house.txt: say there what it is for, and above what it lies"
        elif len(stems) > MOST_SOURCES:
            yield f"{folder}: {len(stems)} sources, more than {MOST_SOURCES}: it holds two subjects"
    for folder in RANK:
        public = ROOT / "include/aiopyr" / folder
        if (ROOT / "include").is_dir() and not folder.startswith("plugin") and not public.is_dir():
            yield f"include/aiopyr/{folder}: make it a link to {folder}"
        if folder not in sources:
            yield f"tools/house.txt: {folder} has no sources"


def check_public():
    """Returns problems of what the public header includes, directly or not."""
    waiting, seen = [PUBLIC], set()
    while waiting:
        path = waiting.pop()
        if path in seen or not (ROOT / path).is_file():
            continue
        seen.add(path)
        for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if match and match[2] in SLOW:
                yield (
                    f"{path}:{number}: <{match[2]}> would slow down each app's compilation: "
                    "move what needs it to a source"
                )
            elif match and match[2].startswith("aiopyr/"):
                waiting.append("include/" + match[2])


def house_table():
    rows = [f"| `{folder}` | {what} |" for folder, what in HOUSE]
    return "\n".join(["| Folder | Holds |", "|---|---|", *rows]) + "\n"


def check_docs():
    """Returns problems of the table in docs/architecture.md."""
    page = ROOT / "docs/architecture.md"
    if page.is_file() and house_table() not in page.read_text():
        yield (
            "docs/architecture.md: its table of folders is not that of tools/house.txt: "
            "put there what tools/check_includes.py --table prints"
        )


def main():
    problems = [*check_rooms(), *check_docs(), *check_public()]
    for folder in (*WINGS, "examples", "tests", "bench"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix not in (".h", ".cc"):
                continue
            path = file.relative_to(ROOT).as_posix()
            for number, line in enumerate(file.read_text().splitlines(), 1):
                problem = check_line(path, line)
                if problem:
                    problems.append(f"{path}:{number}: {problem}")
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    if "--table" in sys.argv:
        print(house_table(), end="")
        sys.exit(0)
    sys.exit(main())

#!/usr/bin/python3
"""Checks which file includes what: the folders' order, and where the libraries may appear.

base <- async <- web <- websocket <- plugin; base <- websocket/protocol <- websocket. A folder may
include itself and what is to its left. uwsgi.h belongs to plugin/, ev.h and Boost to a few sources of
runtime/async, so that public headers pull in neither.
"""

import pathlib
import re
import sys

# The tree to check: the argument, or the one that this script is in.
ROOT = pathlib.Path(sys.argv[1] if sys.argv[1:] else pathlib.Path(__file__).parent.parent).resolve()
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

# What each folder may include, itself apart.
MAY_INCLUDE = {
    "runtime/base": set(),
    "runtime/async": {"runtime/base"},
    "runtime/web": {"runtime/base", "runtime/async"},
    "websocket/protocol": {"runtime/base"},
    "websocket": {"runtime/base", "runtime/async", "runtime/web", "websocket/protocol"},
    "plugin": {
        "runtime/base",
        "runtime/async",
        "runtime/web",
        "websocket/protocol",
        "websocket",
    },
}

# Library headers, and the only files that may include them.
OWNERS = [
    (r"uwsgi\.h$", r"plugin/"),
    (r"ev(\+\+)?\.h$", r"runtime/async/\w+\.cc$"),
    (r"boost/context/", r"runtime/async/fiber\w*\.cc$"),
    (r"boost/", r"(runtime|websocket)/.*\.cc$|plugin/"),
    (r"openssl/", r"(runtime|websocket)/.*\.cc$|plugin/"),
    (r"kainjow/|simdjson|zlib\.h$", r"(runtime|websocket)/.*\.cc$|plugin/"),
]


def folder_of(path):
    """The house's folder that a path relative to the root lies in, or None."""
    found = [name for name in MAY_INCLUDE if path.startswith(name + "/")]
    return max(found, key=len, default=None)


def check_ours(path, target):
    """Problems of `path` (relative to the root) including our file `target` (likewise)."""
    # The services' public name, by a link.
    target = re.sub("^uwsgi/", "plugin/services/", target)
    if not (ROOT / target).is_file() and not (ROOT / "include/aiopyr" / target).is_file():
        return f"<aiopyr/{target}> does not exist"
    source, wanted = folder_of(path), folder_of(target)
    if source is None or wanted == source:
        return None
    if wanted is None:
        return f"<aiopyr/{target}> gathers all layers: only apps and tests may include it"
    if wanted in MAY_INCLUDE[source]:
        return None
    allowed = ", ".join(sorted(MAY_INCLUDE[source])) or "nothing"
    return f"{source} must not include {wanted} (only {allowed}): move what both need downward"


def check_library(path, header):
    for pattern, owner in OWNERS:
        if re.match(pattern, header):
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


def main():
    problems = []
    for folder in ("plugin", "runtime", "websocket", "examples", "tests", "bench"):
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
    sys.exit(main())

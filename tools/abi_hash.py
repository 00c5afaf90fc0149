#!/usr/bin/python3
"""Writes include/aiopyr/abi_hash.h: a hash of the public headers, by which a plugin recognizes apps
that were compiled against others.

The public headers are those that `make install` installs. The hash is of their paths as users write
them and of their contents, so it is the same in every clone of a commit, wherever it is built. The
file is rewritten only when the hash has changed.

    abi_hash.py [INCLUDE]           writes INCLUDE/aiopyr/abi_hash.h; INCLUDE is include/ by default
    abi_hash.py --list [INCLUDE]    prints the paths of the public headers below INCLUDE
"""

import hashlib
import os
import sys

from batch_sources import write_if_changed

INCLUDE = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "include")
GENERATED = "aiopyr/abi_hash.h"
# A link to the plugin's own headers, which are not part of the API.
PRIVATE = "aiopyr/plugin"
# Headers of libraries that an app is linked with, so that the plugin need not know them.
OF_THE_APP = "aiopyr/clients/"

TEXT = """\
#pragma once

#include <cstdint>

// Made by tools/abi_hash.py from the contents of the public headers: see app_abi.h.
namespace aiopyr::detail {{
inline constexpr std::uint64_t kHeadersHash = 0x{};
}}  // namespace aiopyr::detail
"""


def public_headers(include):
    """Returns the paths of the public headers relative to `include`, sorted, without the generated one."""
    found = []
    for folder, folders, files in os.walk(os.path.join(include, "aiopyr"), followlinks=True):
        path = os.path.relpath(folder, include).replace(os.sep, "/")
        folders[:] = [name for name in folders if f"{path}/{name}" != PRIVATE]
        found += [f"{path}/{name}" for name in files if name.endswith(".h")]
    return sorted(set(found) - {GENERATED})


def hash_headers(include):
    """Returns the hash as 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in public_headers(include):
        if path.startswith(OF_THE_APP):
            continue
        with open(os.path.join(include, path), "rb") as header:
            text = header.read()
        digest.update(f"{path} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()[:16]


def write_abi_hash(include=INCLUDE):
    write_if_changed(os.path.join(include, GENERATED), TEXT.format(hash_headers(include)))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    listing = arguments[:1] == ["--list"]
    chosen = (arguments[1:] if listing else arguments) or [INCLUDE]
    if listing:
        print(*public_headers(chosen[0]), sep="\n")
    else:
        write_abi_hash(chosen[0])

"""Debian's PostgreSQL: where its programs are, and as whom they run. Used by tests, benchmarks and
tools/jobs_demo.py."""

import contextlib
import glob
import os
import pwd


def programs_folder():
    """Returns the folder with the programs of the newest PostgreSQL of Debian; None if there is none."""
    found = glob.glob("/usr/lib/postgresql/*/bin/postgres")
    return os.path.dirname(max(found, key=lambda path: int(path.split("/")[4]))) if found else None


def program(name):
    folder = programs_folder()
    if not folder:
        raise FileNotFoundError("PostgreSQL is not installed: apt install postgresql")
    return os.path.join(folder, name)


def account():
    """Returns the account that servers run as, where this is root, which PostgreSQL refuses; else None, for
    the account of this process."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise LookupError("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def as_account():
    """Returns the arguments of subprocess that run a program as that account."""
    as_whom = account()
    if not as_whom:
        return {"cwd": "/"}
    return {"cwd": "/", "user": as_whom.pw_uid, "group": as_whom.pw_gid, "extra_groups": []}

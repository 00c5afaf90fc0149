"""Builds plugins in C for tests, with the header that the plugin itself was built with."""

import os
import subprocess

from support.paths import BUILD, ROOT


def compile_plugin(name, folder):
    """Builds `folder`/NAME_plugin.so from tests/support/NAME_plugin.c."""
    source = os.path.join(ROOT, "tests", "support", name + "_plugin.c")
    with open(os.path.join(BUILD, "uwsgi", "flags.txt")) as flags:
        command = ["gcc", "-shared", "-fPIC", "-O1", "-w", *flags.read().split()]
    command += ["-o", os.path.join(folder, name + "_plugin.so"), source]
    subprocess.run(command, cwd=ROOT, check=True)

"""Builds the plugin by uWSGI's own build system, in a copy of the sources."""

import os
import shutil
import stat
import subprocess
import tempfile
import unittest

from support.http import fetch
from support.paths import BUILD, ROOT, example
from support.server import UWSGI, Server

SOURCES = ["plugin", "runtime", "websocket", "include", "tools", "uwsgiplugin.py"]

ABI_HASH = os.path.join("include", "aiopyr", "abi_hash.h")

# Compiling everything again takes a minute. Unless that is requested, this compiler copies what make has
# built of the same batch, so that the rest of the build is still the real one.
COMPILE_AGAIN = os.environ.get("AIOPYR_COMPILE_AGAIN") == "1"
COMPILER = """\
#!/bin/bash
# The arguments end with: -c -o TARGET SOURCE
source=${{@: -1}}
target=${{@: -2:1}}
batch=${{source##*/.uwsgi_plugins_builder/aiopyr/}}
if [[ " $* " == *" -std=c++20 "* ]] && cmp -s "$source" "{build}/batches/$batch"; then
  exec cp "{build}/obj/${{batch%.cc}}.o" "$target"
fi
exec g++ "$@"
"""


class BuildPlugin(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-build-")
        self.addCleanup(folder.cleanup)
        self.root = os.path.join(os.path.realpath(folder.name), "aiopyr")
        os.mkdir(self.root)
        for name in SOURCES:
            source, target = os.path.join(ROOT, name), os.path.join(self.root, name)
            if os.path.isdir(source):
                shutil.copytree(source, target, symlinks=True)
            else:
                shutil.copy(source, target)
        # As in a fresh clone.
        os.remove(os.path.join(self.root, ABI_HASH))

    def build(self, folder, plugin):
        environment = dict(os.environ)
        if not COMPILE_AGAIN:
            environment["CXX"] = self.make_compiler()
        return subprocess.run(
            [UWSGI, "--build-plugin", plugin],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def make_compiler(self):
        path = os.path.join(os.path.dirname(self.root), "compiler")
        with open(path, "w") as script:
            script.write(COMPILER.format(build=BUILD))
        os.chmod(path, stat.S_IRWXU)
        return path

    def check_that_it_serves(self, folder):
        options = ["--plugins-dir", folder, "--need-plugins", "aiopyr", "--aiopyr", "10"]
        options += ["--aiopyr-app", example("hello"), "--http-socket", "127.0.0.1:{port}"]
        server = Server(options=options)
        try:
            self.assertEqual(fetch(server, "/").status, 200)
        finally:
            server.stop()

    def test_in_its_own_folder_it_makes_a_plugin_that_serves(self):
        done = self.build(self.root, ".")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.check_that_it_serves(self.root)
        # Apps that make has built are for this plugin too.
        with open(os.path.join(self.root, ABI_HASH)) as made, open(os.path.join(ROOT, ABI_HASH)) as ours:
            self.assertEqual(made.read(), ours.read())

    @unittest.skipIf(COMPILE_AGAIN, "compiles everything once more")
    def test_from_another_folder_it_makes_the_plugin_there(self):
        elsewhere = os.path.join(os.path.dirname(self.root), "elsewhere")
        os.mkdir(elsewhere)
        done = self.build(elsewhere, self.root)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue(os.path.exists(os.path.join(elsewhere, "aiopyr_plugin.so")))

    def test_a_source_that_does_not_compile_ends_it_and_is_named(self):
        if COMPILE_AGAIN:
            shutil.rmtree(os.path.join(self.root, "runtime"))
        broken = os.path.join(self.root, "plugin", "a_broken_source.cc")
        with open(broken, "w") as source:
            source.write("this is not C++\n")
        done = self.build(self.root, ".")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("a_broken_source", done.stdout)
        self.assertFalse(os.path.exists(os.path.join(self.root, "aiopyr_plugin.so")))


if __name__ == "__main__":
    unittest.main()

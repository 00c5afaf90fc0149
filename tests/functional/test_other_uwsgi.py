"""A plugin and a uWSGI that do not match: the start is refused, and make builds the plugin again."""

import os
import shlex
import subprocess
import tempfile
import unittest

from support.paths import BUILD, ROOT, example
from support.server import UWSGI, run_to_its_end

VERSION = subprocess.run([UWSGI, "--version"], capture_output=True, text=True, check=True).stdout.strip()
# Has the same length, so that it can replace the version in the plugin.
OTHER = "9.8" + VERSION[3:]


class OtherUwsgi(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-other-uwsgi-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_plugin_of_another_version_is_refused_with_both_named(self):
        with open(os.path.join(BUILD, "aiopyr_plugin.so"), "rb") as file:
            plugin = file.read()
        self.assertIn(VERSION.encode() + b"\0", plugin)
        with open(os.path.join(self.folder, "aiopyr_plugin.so"), "wb") as file:
            file.write(plugin.replace(VERSION.encode() + b"\0", OTHER.encode() + b"\0"))
        for more in ((), ("--master",)):
            with self.subTest(more):
                code, log = run_to_its_end(
                    "--plugins-dir", self.folder, "--plugins", "aiopyr", "--http-socket", "127.0.0.1:0",
                    "--aiopyr", "10", "--aiopyr-app", example("hello"), *more)
                self.assertEqual(code, 22, log)
                lines = [line for line in log.splitlines() if "[aiopyr]" in line]
                self.assertEqual(len(lines), 1, log)
                self.assertIn(f"built for uWSGI {OTHER}, but this is uWSGI {VERSION}", lines[0])

    def write_headers(self, uwsgi):
        """Returns when the header, which the plugin is built from, was written."""
        subprocess.run([os.path.join(ROOT, "tools", "uwsgi_header.sh"), os.path.join(self.folder, "made")],
                       check=True, env={**os.environ, "UWSGI": uwsgi})
        return os.stat(os.path.join(self.folder, "made", "uwsgi.h")).st_mtime_ns

    def test_header_is_written_anew_where_uwsgi_is_another_one_and_only_then(self):
        other = os.path.join(self.folder, "uwsgi")
        with open(other, "w") as script:
            script.write(f"#!/bin/sh\n{shlex.quote(UWSGI)} \"$@\" | sed 's/{VERSION}/{OTHER}/'\n")
        os.chmod(other, 0o755)
        first = self.write_headers(UWSGI)
        self.assertEqual(self.write_headers(UWSGI), first)
        second = self.write_headers(other)
        self.assertGreater(second, first)
        with open(os.path.join(self.folder, "made", "flags.txt")) as flags:
            self.assertIn(OTHER, flags.read())
        self.assertEqual(self.write_headers(other), second)
        self.assertGreater(self.write_headers(UWSGI), second)
        self.assertEqual(sorted(os.listdir(os.path.join(self.folder, "made"))), ["flags.txt", "uwsgi.h"])

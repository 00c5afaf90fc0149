"""What cannot work stops the start: one line that says why, and an exit code that is not 0."""

import os
import subprocess
import tempfile
import unittest

from support.paths import ROOT, example
from support.server import plugin_options, run_to_its_end

HTTP = ("--http-socket", "127.0.0.1:0")


class StartFailures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-start-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name

    def check(self, *options, says):
        code, log = run_to_its_end(*plugin_options(*HTTP, *options))
        self.assertNotEqual(code, 0, log)
        lines = [line for line in log.splitlines() if "[aiopyr]" in line]
        self.assertEqual(len(lines), 1, log)
        for words in says:
            self.assertIn(words, lines[0])
        self.assertNotIn("spawned uWSGI worker", log)

    def compile(self, name, source):
        """A shared object of this source."""
        path = os.path.join(self.folder, name)
        subprocess.run(
            ["g++", "-std=c++20", "-O0", "-fPIC", "-shared", "-I", os.path.join(ROOT, "include"),
             "-o", path, "-x", "c++", "-"],
            input=source.encode(), check=True)
        return path

    def test_missing_app_file(self):
        self.check("--aiopyr", "10", "--aiopyr-app", "./no-such.so", says=["./no-such.so"])

    def test_missing_file_of_a_mount(self):
        self.check("--aiopyr", "10", "--mount", "/x=./no-such.so", says=["./no-such.so"])

    def test_file_that_is_no_shared_object(self):
        path = os.path.join(self.folder, "text.so")
        with open(path, "w") as file:
            file.write("not a library")
        self.check("--aiopyr", "10", "--aiopyr-app", path, says=[path])

    def test_library_without_an_entry_point(self):
        path = self.compile("plain.so", "int answer() { return 42; }")
        self.check("--aiopyr", "10", "--aiopyr-app", path, says=[path, "AIOPYR_APP"])

    def test_app_of_another_abi(self):
        path = self.compile("old.so", """
            #include <cstdint>
            struct Entry { std::uint64_t magic; unsigned char rest[512]; };
            extern "C" const Entry* aiopyr_app() {
              static const Entry entry = {0x317279706f696100u, {}};
              return &entry;
            }""")
        self.check("--aiopyr", "10", "--aiopyr-app", path, says=[path, "ABI"])

    def test_app_with_an_entry_point_of_something_else(self):
        path = self.compile("other.so", """
            extern "C" const char* aiopyr_app() {
              static const char text[600] = "hello";
              return text;
            }""")
        self.check("--aiopyr", "10", "--aiopyr-app", path, says=[path])

    def test_constructor_that_throws(self):
        path = self.compile("throws.so", """
            #include <stdexcept>
            #include <aiopyr/runtime/web/app.h>
            static void app(aiopyr::Configurator&) { throw std::out_of_range("no database"); }
            AIOPYR_APP(app);""")
        self.check("--aiopyr", "10", "--aiopyr-app", path,
                   says=[path, "std::out_of_range", "no database"])

    def test_template_that_is_missing(self):
        self.check("--aiopyr", "10", "--aiopyr-app", example("tutorial"),
                   "--aiopyr-set", "app_folder=/nonexistent", says=["home.html"])

    def test_setting_without_a_value(self):
        self.check("--aiopyr", "10", "--aiopyr-set", "nonsense", says=["nonsense", "key=value"])

    def test_number_that_is_none(self):
        for option, value in (("--aiopyr", "many"), ("--aiopyr", "1"), ("--aiopyr", "-5"),
                              ("--aiopyr-executor-threads", "0"), ("--aiopyr-stack-size", "12"),
                              ("--aiopyr-max-body", "1k"), ("--aiopyr-executor-queue", ""),
                              ("--aiopyr-websocket-max-size", "0"),
                              ("--aiopyr-websocket-max-size", "1M")):
            with self.subTest(option=option, value=value):
                self.check(option, value, says=[option.strip("-")])

    def test_word_that_is_none_of_those_expected(self):
        self.check("--aiopyr-client-gone", "sometimes",
                   says=["aiopyr-client-gone", "sometimes", "reset, eof or ignore"])

    def test_app_without_the_loop_engine(self):
        self.check("--aiopyr-app", example("features"), says=["loop engine", "aiopyr = N"])
        self.check("--async", "10", "--mount", "/x=" + example("features"), says=["aiopyr = N"])

    def test_threads_beside_the_loop_engine(self):
        code, log = run_to_its_end(
            *plugin_options(*HTTP, "--aiopyr", "10", "--threads", "4",
                            "--aiopyr-app", example("features")))
        self.assertNotEqual(code, 0, log)
        self.assertIn("aiopyr-executor-threads", log)

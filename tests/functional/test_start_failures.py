"""Impossible configurations stop the start: one line says why, and the exit code is not 0."""

import os
import shutil
import subprocess
import tempfile
import unittest

from support.compilers import INCLUDE, compile_app
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

    def compile(self, name, source, include=INCLUDE):
        """Compiles this source to a shared object."""
        return compile_app(os.path.join(self.folder, name), source, include=include)

    def copy_headers(self, name, edit):
        """Makes an include folder in which `edit` has changed the text of one header."""
        include = os.path.join(self.folder, "include")
        shutil.copytree(os.path.join(ROOT, "include"), include)
        self.addCleanup(shutil.rmtree, include)
        path = os.path.join(include, "aiopyr", name)
        with open(path) as header:
            text = header.read()
        changed = edit(text)
        self.assertNotEqual(changed, text)
        with open(path, "w") as header:
            header.write(changed)
        subprocess.run([os.path.join(ROOT, "tools", "abi_hash.py"), include], check=True)
        return include

    def test_misspelt_option_on_the_command_line(self):
        for option in (["--aiopyr-qeue", "5"], ["--aiopyr-qeue=5"]):
            with self.subTest(option):
                self.check("--aiopyr", "10", *option, says=["no option aiopyr-qeue", "'aiopyr-queue' meant"])

    def test_option_that_resembles_none(self):
        self.check("--aiopyr", "10", "--aiopyr-fly-to-the-moon", "5", says=["no option aiopyr-fly-to-the-moon"])

    def test_misspelt_key_of_an_ini_file(self):
        path = os.path.join(self.folder, "misspelt.ini")
        for section, line in (("uwsgi", "aiopyr-keepalive = 5"), ("uwsgi", "aiopyr-keepalive = false")):
            with self.subTest(line), open(path, "w") as ini:
                ini.write(f"[{section}]\naiopyr = 10\n{line}\n")
                ini.flush()
                self.check("--ini", path, says=["no option aiopyr-keepalive", "'aiopyr-keep-alive' meant"])

    def test_missing_app_file(self):
        self.check("--aiopyr", "10", "--aiopyr-app", "./no-such.so", says=["./no-such.so"])

    def test_missing_folder_for_temporary_files(self):
        self.check("--aiopyr", "10", "--aiopyr-temp-folder", "/nowhere/at/all",
                   says=["aiopyr-temp-folder = /nowhere/at/all: there is no such folder"])

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

    def test_app_compiled_against_headers_in_which_an_option_has_one_more_field(self):
        include = self.copy_headers(
            "runtime/web/views/view_options.h",
            lambda text: text.replace("struct ViewOptions {", "struct ViewOptions {\n  int more{};"))
        path = self.compile("newer.so", """
            #include <aiopyr/runtime/web/config/app.h>
            static aiopyr::Response greet(aiopyr::Request&) { return aiopyr::Response("hello"); }
            static void app(aiopyr::Configurator& config) {
              config.add_view(greet, {.name = "hello", .request_method = "GET"});
            }
            AIOPYR_APP(app)""", include)
        self.check("--aiopyr", "10", "--aiopyr-app", path,
                   says=[path, "headers", "compile it again with the headers of this plugin"])

    def test_app_compiled_in_another_mode_of_the_standard_library(self):
        path = self.compile("debug.so", """
            #define _GLIBCXX_DEBUG
            #include <aiopyr/runtime/web/config/app.h>
            static void app(aiopyr::Configurator&) {}
            AIOPYR_APP(app)""")
        self.check("--aiopyr", "10", "--aiopyr-app", path, says=[path, "_GLIBCXX_DEBUG is 1 there"])

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
            #include <aiopyr/runtime/web/config/app.h>
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

    def test_number_out_of_bounds_is_told_with_them(self):
        for option, value, expected in (
                ("--aiopyr", "1000001", "a whole number from 2 to 1000000"),
                ("--aiopyr-queue", "0", "a whole number of at least 1"),
                ("--aiopyr-keep-alive-requests", "-1", "a whole number"),
                ("--aiopyr-queue-timeout", "-1", "seconds, 0 or more"),
                ("--aiopyr-websocket-ping-interval", "soon", "seconds, 0 or more")):
            with self.subTest(option=option):
                self.check(option, value,
                           says=[f"option {option[2:]} = {value}: expected {expected}"])

    def test_word_that_is_none_of_those_expected(self):
        self.check("--aiopyr-client-gone", "sometimes",
                   says=["aiopyr-client-gone", "sometimes", "reset, eof or ignore"])

    def test_app_without_the_loop_engine(self):
        self.check("--aiopyr-app", example("features"), says=["loop engine", "aiopyr = N"])
        self.check("--async", "10", "--mount", "/x=" + example("features"), says=["aiopyr = N"])

    def test_threads_beside_the_loop_engine(self):
        for master in ([], ["--master"], ["--master", "--processes", "3", "--lazy-apps"]):
            with self.subTest(master):
                self.check("--aiopyr", "10", "--threads", "4", "--aiopyr-app", example("features"), *master,
                           says=["remove threads", "aiopyr-executor-threads"])

    def test_loop_engine_without_cores(self):
        self.check("--loop", "aiopyr", "--master", says=["set aiopyr = N"])

    def test_no_process_is_left_for_a_worker(self):
        self.check("--aiopyr", "10", "--aiopyr-app", example("features"), "--master", "--processes", "0",
                   says=["no worker to serve", "limit-nproc"])

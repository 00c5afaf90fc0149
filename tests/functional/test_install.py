"""`make install`: an app is built and served from the installed files only."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

from support.compilers import app_compiler
from support.http import fetch
from support.paths import ROOT
from support.server import Server

APP = os.path.join(ROOT, "examples", "hello", "hello.cc")


class Install(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-install-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def install(self, **environment):
        done = self.run_command(
            [os.path.join(ROOT, "tools", "install.sh")], VERSION="1.2.3", **environment
        )
        return done.stdout

    def run_command(self, command, **environment):
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.assertEqual(done.returncode, 0, done.stdout)
        return done

    def test_an_app_is_built_and_served_from_what_is_installed(self):
        prefix = os.path.join(self.folder, "prefix")
        said = self.install(PREFIX=prefix)
        self.assertIn(f"plugin-dir = {prefix}/lib/uwsgi/plugins", said)

        pkg_config = ["pkg-config", "--cflags", "aiopyr"]
        search_path = os.path.join(prefix, "lib", "pkgconfig")
        flags = self.run_command(pkg_config, PKG_CONFIG_PATH=search_path).stdout.split()
        self.run_command([*app_compiler(), "-shared", *flags, "-o", "app.so", APP])

        options = ["--plugins-dir", os.path.join(prefix, "lib", "uwsgi", "plugins")]
        options += ["--need-plugins", "aiopyr", "--aiopyr", "10"]
        options += ["--aiopyr-app", os.path.join(self.folder, "app.so")]
        server = Server(options=[*options, "--http-socket", "127.0.0.1:{port}"])
        try:
            self.assertEqual(fetch(server, "/").status, 200)
        finally:
            server.stop()

    def test_cmake_finds_the_package_and_builds_an_app(self):
        prefix = os.path.join(self.folder, "prefix")
        self.install(PREFIX=prefix)
        with open(os.path.join(self.folder, "CMakeLists.txt"), "w") as file:
            file.write(
                "cmake_minimum_required(VERSION 3.18)\nproject(app CXX)\n"
                "find_package(aiopyr 1.0 REQUIRED)\n"
                f"add_library(app MODULE {APP})\ntarget_link_libraries(app aiopyr::aiopyr)\n")
        compiler, *flags = app_compiler()
        self.run_command(["cmake", f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_COMPILER={compiler}",
                          f"-DCMAKE_CXX_FLAGS={' '.join(flags)}", "-B", "built", "-S", "."])
        self.run_command(["cmake", "--build", "built"])
        self.assertTrue(os.path.isfile(os.path.join(self.folder, "built", "libapp.so")))

    @unittest.skipUnless(shutil.which("clang++-19"), "clang++-19 is not installed")
    def test_the_header_is_precompiled_as_the_docs_say(self):
        prefix = os.path.join(self.folder, "prefix")
        self.install(PREFIX=prefix)
        with open(os.path.join(ROOT, "docs", "compilers.md")) as page:
            (commands,) = re.findall(r"^```\n(FLAGS=.*?)^```", page.read(), re.M | re.S)
        shutil.copy(APP, self.folder)
        self.run_command(["bash", "-euxc", commands], PKG_CONFIG_PATH=os.path.join(prefix, "lib", "pkgconfig"))
        self.assertTrue(os.path.exists(os.path.join(self.folder, "hello.o")))

    @unittest.skipUnless(os.environ.get("AIOPYR_SLOW_TESTS") == "1", "compiles the examples' test")
    def test_a_test_of_an_app_is_built_and_run_from_what_is_installed(self):
        prefix = os.path.join(self.folder, "prefix")
        self.install(PREFIX=prefix)
        pkg_config = ["pkg-config", "--cflags", "--libs", "aiopyr-testing"]
        search_path = os.path.join(prefix, "lib", "pkgconfig")
        flags = self.run_command(pkg_config, PKG_CONFIG_PATH=search_path).stdout.split()
        test = APP.replace(".cc", "_test.cc")
        self.run_command([*app_compiler(), "-O0", "-o", "hello_test", test, APP, *flags])
        done = self.run_command(["./hello_test"])
        self.assertIn("All tests passed", done.stdout)

    def test_a_package_is_made_below_destdir(self):
        self.install(DESTDIR=self.folder)
        for path in (
            "usr/include/aiopyr/aiopyr.h",
            "usr/include/aiopyr/abi_hash.h",
            "usr/include/aiopyr/runtime/async/task.h",
            "usr/include/aiopyr/uwsgi.h",
            "usr/include/aiopyr/uwsgi/cache.h",
            "usr/lib/uwsgi/plugins/aiopyr_plugin.so",
            "usr/include/aiopyr/testing.h",
            "usr/lib/libaiopyr.a",
            "usr/lib/pkgconfig/aiopyr.pc",
            "usr/lib/pkgconfig/aiopyr-testing.pc",
            "usr/lib/cmake/aiopyr/aiopyr-config.cmake",
        ):
            self.assertTrue(os.path.isfile(os.path.join(self.folder, path)), path)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "usr/include/aiopyr/plugin")))


if __name__ == "__main__":
    unittest.main()

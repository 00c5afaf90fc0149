"""The scripts of the build: what a wrong verdict of theirs would hide, nothing else would show."""

import os
import stat
import subprocess
import sys
import tempfile
import textwrap
import unittest

from support.paths import ROOT

TOOLS = os.path.join(ROOT, "tools")


class ToolTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-tools-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, text, executable=False):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(textwrap.dedent(text))
        if executable:
            os.chmod(path, stat.S_IRWXU)
        return path

    def run_tool(self, *command, **environment):
        return subprocess.run(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


class BatchSources(ToolTest):
    def setUp(self):
        super().setUp()
        self.source("web/a.cc", 20_000)
        self.source("web/b.cc", 20_000)
        self.source("web/c.cc", 1)
        self.source("base/d.cc", 1)

    def source(self, name, size):
        self.write(name, "x" * size)

    def batches(self, *sources):
        done = subprocess.run(
            [os.path.join(TOOLS, "batch_sources.py"), "built", *sources],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=True,
        )
        paths = done.stdout.split()
        return {path: self.read(path).splitlines() for path in paths}

    def read(self, name):
        with open(os.path.join(self.folder, name)) as file:
            return file.read()

    def test_every_source_is_in_one_batch_of_its_folder(self):
        self.assertEqual(
            self.batches("web/c.cc", "base/d.cc", "web/b.cc", "web/a.cc"),
            {
                "built/base/batch1.cc": ['#include "base/d.cc"'],
                "built/web/batch1.cc": ['#include "web/a.cc"', '#include "web/b.cc"'],
                "built/web/batch2.cc": ['#include "web/c.cc"'],
            },
        )

    def test_only_a_batch_that_changes_is_written(self):
        self.batches("web/a.cc", "base/d.cc")
        unchanged, changed = (os.path.join(self.folder, f"built/{name}/batch1.cc") for name in ("base", "web"))
        for path in (unchanged, changed):
            os.utime(path, (1, 1))
        self.batches("web/a.cc", "web/c.cc", "base/d.cc")
        self.assertEqual(os.stat(unchanged).st_mtime, 1)
        self.assertGreater(os.stat(changed).st_mtime, 1)

    def test_no_sources_make_no_batches(self):
        self.assertEqual(self.batches(), {})


class RunTests(ToolTest):
    def run_tests(self, *arguments):
        """Exit code and last line."""
        done = self.run_tool(sys.executable, os.path.join(TOOLS, "run_tests.py"), *arguments)
        return done.returncode, done.stdout.splitlines()[-1], done.stdout

    def python_tests(self, body):
        text = "import os, unittest\n" + textwrap.dedent(body)
        path = os.path.join(self.folder, "tests", "test_one.py")
        os.makedirs(os.path.dirname(path))
        with open(path, "w") as file:
            file.write(text)
        return os.path.dirname(path)

    def catch_tests(self, report, ending):
        """A program that behaves as a Catch2 binary that was asked for XML."""
        script = f"#!/bin/bash\necho noise\ncat > \"${{@: -1}}\" <<'XML'\n{report}\nXML\n{ending}\n"
        path = os.path.join(self.folder, "unit")
        with open(path, "w") as file:
            file.write(script)
        os.chmod(path, stat.S_IRWXU)
        return path

    @staticmethod
    def case(name, success):
        return f'<TestCase name="{name}"><OverallResult success="{success}"/></TestCase>'

    def test_it_sums_over_all_runners(self):
        cases = self.case("one", "true") + self.case("two", "false")
        binary = self.catch_tests(f"<Catch>{cases}</Catch>", "exit 1")
        folder = self.python_tests(
            """
            class Some(unittest.TestCase):
                def test_good(self): print("noise")
                def test_bad(self): self.fail()
                def test_error(self): raise KeyError
                @unittest.skip("not here")
                def test_skipped(self): pass
                def test_subtests(self):
                    for number in range(3):
                        with self.subTest(number=number): self.assertEqual(number, 1)
            """
        )
        code, last, _ = self.run_tests("--unit", binary, "--functional", folder)
        self.assertEqual((code, last), (1, "2 passed, 4 failed"))

    def test_success_is_exit_code_0(self):
        binary = self.catch_tests(f"<Catch>{self.case('one', 'true')}</Catch>", "exit 0")
        self.assertEqual(self.run_tests("--unit", binary)[:2], (0, "1 passed, 0 failed"))

    def test_a_runner_that_ran_nothing_has_failed(self):
        binary = self.catch_tests("<Catch></Catch>", "exit 0")
        self.assertEqual(self.run_tests("--unit", binary)[:2], (1, "0 passed, 1 failed"))

    def test_no_runner_at_all_is_a_failure(self):
        self.assertEqual(self.run_tests()[:2], (1, "0 passed, 1 failed"))

    def test_a_program_that_is_missing_is_a_failure(self):
        path = os.path.join(self.folder, "none")
        self.assertEqual(self.run_tests("--unit", path)[:2], (1, "0 passed, 1 failed"))

    def test_a_runner_that_dies_is_a_failure_and_its_test_is_named(self):
        report = f'<Catch>{self.case("one", "true")}<TestCase name="deadly">'
        code, last, output = self.run_tests("--unit", self.catch_tests(report, "kill -SEGV $$"))
        self.assertEqual((code, last), (1, "1 passed, 1 failed"))
        self.assertIn("died of SIGSEGV during: deadly", output)

    def test_a_runner_that_ends_in_the_middle_is_a_failure(self):
        report = f'<Catch>{self.case("one", "true")}'
        code, last, _ = self.run_tests("--unit", self.catch_tests(report, "exit 0"))
        self.assertEqual((code, last), (1, "1 passed, 1 failed"))

    def test_a_sanitizer_that_complains_at_exit_is_a_failure(self):
        report = f"<Catch>{self.case('one', 'true')}</Catch>"
        code, last, output = self.run_tests(
            "--unit", self.catch_tests(report, "echo leaked >&2; exit 23")
        )
        self.assertEqual((code, last), (1, "1 passed, 1 failed"))
        self.assertIn("leaked", output)

    def test_a_runner_that_hangs_is_killed_and_has_failed(self):
        # The report's pipe stays open in the sleeping program: nothing comes, and nothing ends.
        script = '#!/bin/bash\nexec 9>"${@: -1}"\nexec sleep 60\n'
        binary = self.write("hangs", script, executable=True)
        code, last, output = self.run_tests("--unit", binary, "--timeout", "0.5")
        self.assertEqual((code, last), (1, "0 passed, 1 failed"))
        self.assertIn("hung", output)

    def test_a_python_runner_that_exits_is_a_failure(self):
        folder = self.python_tests(
            """
            class Some(unittest.TestCase):
                def test_exit(self): os._exit(0)
            """
        )
        code, last, output = self.run_tests("--functional", folder)
        self.assertEqual((code, last), (1, "0 passed, 1 failed"))
        self.assertIn("test_exit", output)

    def test_a_python_file_that_cannot_be_imported_is_a_failure(self):
        folder = self.python_tests("import no_such_module")
        self.assertEqual(self.run_tests("--functional", folder)[:2], (1, "0 passed, 1 failed"))

    def test_a_runner_that_a_filter_leaves_empty_is_none(self):
        folder = self.python_tests("class Some(unittest.TestCase):\n    def test_one(self): pass")
        empty = os.path.join(self.folder, "empty")
        os.makedirs(empty)
        folders = ("--functional", folder, "--functional", empty)
        self.assertEqual(self.run_tests(*folders)[:2], (1, "1 passed, 1 failed"))
        self.assertEqual(self.run_tests(*folders, "--filter", "one")[:2], (0, "1 passed, 0 failed"))
        self.assertEqual(self.run_tests(*folders, "--filter", "two")[0], 1)

    def test_a_class_that_cannot_be_set_up_is_a_failure(self):
        folder = self.python_tests(
            """
            class Some(unittest.TestCase):
                @classmethod
                def setUpClass(cls): raise KeyError
                def test_one(self): pass
            """
        )
        self.assertEqual(self.run_tests("--functional", folder)[:2], (1, "0 passed, 1 failed"))


class CheckIncludes(ToolTest):
    def check(self, path, line):
        self.write("runtime/base/errors.h", "")
        self.write("runtime/web/request.h", "")
        self.write("websocket/protocol/frame.h", "")
        self.write(path, line + "\n")
        return self.run_tool(
            sys.executable, os.path.join(TOOLS, "check_includes.py"), self.folder
        )

    def assert_refused(self, path, line):
        done = self.check(path, line)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(f"{path}:1: ", done.stdout)

    def test_downward_is_allowed(self):
        line = "#include <aiopyr/runtime/base/errors.h>"
        for path in ("runtime/web/a.h", "websocket/protocol/a.h", "plugin/a.cc"):
            self.assertEqual(self.check(path, line).returncode, 0)

    def test_upward_is_refused(self):
        self.assert_refused("runtime/async/a.h", "#include <aiopyr/runtime/web/request.h>")

    def test_the_protocol_sees_no_web(self):
        self.assert_refused("websocket/protocol/a.cc", "#include <aiopyr/runtime/web/request.h>")

    def test_web_sees_no_websocket(self):
        self.assert_refused("runtime/web/a.h", "#include <aiopyr/websocket/protocol/frame.h>")

    def test_a_file_that_is_not_there_is_refused(self):
        self.assert_refused("plugin/a.cc", "#include <aiopyr/runtime/base/none.h>")

    def test_libraries_stay_in_their_places(self):
        self.assert_refused("websocket/a.cc", "#include <uwsgi.h>")
        self.assert_refused("runtime/async/a.h", "#  include <ev.h>")
        self.assert_refused("runtime/web/a.cc", "#include <boost/context/fiber.hpp>")
        self.assert_refused("runtime/web/b.h", "#include <openssl/sha.h>")


class Deps(ToolTest):
    def run_deps(self, installed, *groups):
        """With a dpkg where everything or nothing is installed, and an apt-get that only talks."""
        status = "installed" if installed else "not-installed"
        self.write("bin/dpkg-query", f"#!/bin/bash\nprintf {status}\n", executable=True)
        self.write("bin/apt-get", '#!/bin/bash\necho "apt-get $*"\n', executable=True)
        self.write("bin/id", "#!/bin/bash\necho 0\n", executable=True)
        path = os.path.join(self.folder, "bin") + ":" + os.environ["PATH"]
        return self.run_tool(os.path.join(TOOLS, "deps.sh"), *groups, PATH=path)

    def test_nothing_is_done_when_all_is_there(self):
        done = self.run_deps(True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_what_is_missing_is_installed(self):
        done = self.run_deps(False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"apt-get .*install .*\bg\+\+ .*\bcatch2\b.*\bclang-14\b")

    def test_a_group_is_installed_alone(self):
        done = self.run_deps(False, "build")
        self.assertRegex(done.stdout, r"install .*\buwsgi-dev\b")
        self.assertNotIn("chromium", done.stdout)


if __name__ == "__main__":
    unittest.main()

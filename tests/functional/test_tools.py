"""The scripts of the build: nothing else would reveal a wrong result of theirs."""

import json
import os
import socket
import stat
import subprocess
import sys
import tempfile
import textwrap
import unittest

from support.paths import ROOT, TESTS
from support.ports import reserve_port

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

    def read(self, name):
        with open(os.path.join(self.folder, name)) as file:
            return file.read()

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

    def run_groups(self, *groups):
        """Returns what make reads, after the batches of all groups (NAME, SUBFOLDER, SOURCE...) were
        written."""
        command = [os.path.join(TOOLS, "batch_sources.py"), "built"]
        for group in groups:
            command += ["--group", *group]
        subprocess.run(command, cwd=self.folder, check=True)
        return self.read("built/batches.mk").splitlines()

    def batches(self, *sources):
        """Returns the batches of one group: their paths, and the lines of each."""
        _, _, *names = self.run_groups(("WEB", ".", *sources))[0].split()
        paths = [f"built/{name}.cc" for name in names]
        return {path: self.read(path).splitlines() for path in paths}

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

    def test_make_finds_the_batches_of_each_group(self):
        self.assertEqual(
            self.run_groups(("WEB", ".", "web/a.cc"), ("TESTED", "tested", "web/a.cc"), ("NONE", ".")),
            [
                "WEB_BATCHES := web/batch1",
                "TESTED_BATCHES := tested/web/batch1",
                "NONE_BATCHES :=",
            ],
        )
        self.assertEqual(self.read("built/tested/web/batch1.cc"), '#include "web/a.cc"\n')

    def test_no_sources_make_no_batches(self):
        self.assertEqual(self.batches(), {})

    def test_a_source_that_is_removed_leaves_its_batch(self):
        self.batches("web/a.cc", "web/b.cc")
        self.assertEqual(self.batches("web/b.cc"), {"built/web/batch1.cc": ['#include "web/b.cc"']})


class OptionTable(ToolTest):
    def make_table(self, *lines):
        """Returns the rows for a server whose help has these lines."""
        lines = ["Usage: uwsgi", "    --socket|-s       bind to it (default none)", *lines]
        text = "\n".join(lines)
        uwsgi = self.write("uwsgi", f"#!/bin/sh\ncat <<'EOF'\n{text}\nEOF\n", executable=True)
        done = self.run_tool(os.path.join(TOOLS, "option_table.py"), "folder", UWSGI=uwsgi)
        return done.stdout.splitlines()[2:]

    def test_a_row_has_what_the_option_takes_and_its_default(self):
        self.assertEqual(
            self.make_table(
                "    --aiopyr-queue    requests that may wait; others get 503 (a whole number; default 1000)",
                "    --aiopyr-app      load an app (a file)",
                "    --aiopyr-routes   print the routes",
            ),
            [
                "| `aiopyr-queue` | a whole number | 1000 | requests that may wait; others get 503 |",
                "| `aiopyr-app` | a file | | load an app |",
                "| `aiopyr-routes` | nothing | | print the routes |",
            ],
        )


class WrapDocs(ToolTest):
    def wrap(self, text):
        path = self.write("page.md", text)
        tool = os.path.join(TOOLS, "wrap_docs.py")
        self.assertEqual(self.run_tool(tool, path).returncode, 0)
        self.assertEqual(self.run_tool(tool, "--check", path).returncode, 0)
        with open(path) as file:
            return file.read()

    def test_long_lines_of_prose_are_wrapped_with_their_indentation(self):
        words = " ".join(["word"] * 30)
        for first, rest in (("", ""), ("- ", "  "), ("1. ", "   ")):
            with self.subTest(first=first):
                lines = self.wrap(f"{first}{words}\n").splitlines()
                self.assertTrue(all(len(line) <= 100 for line in lines), lines)
                self.assertTrue(lines[0].startswith(first + "word"))
                self.assertTrue(lines[1].startswith(rest + "word"))
                self.assertEqual(" ".join(" ".join(lines).split()), (first + words).strip())

    def test_code_tables_and_short_lines_stay_as_they_are(self):
        long = "x " * 60 + "x"
        for text in (f"```\n{long}\n```\n", f"| {long} |\n", f"# {long}\n", "a\nb\n\n- c\n  d\n"):
            with self.subTest(text=text):
                self.assertEqual(self.wrap(text), text)

    def test_no_line_begins_with_what_would_make_it_an_item(self):
        lines = self.wrap("x" * 99 + " - " + "y" * 20 + "\n").splitlines()
        self.assertFalse(any(line.startswith("-") for line in lines), lines)

    def test_a_long_line_fails_the_check(self):
        path = self.write("page.md", "word " * 40 + "\n")
        done = self.run_tool(os.path.join(TOOLS, "wrap_docs.py"), "--check", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("page.md:1: ", done.stdout)


class Ports(ToolTest):
    def test_no_two_tests_get_the_same_port_and_no_client_takes_it(self):
        program = """
            from support.ports import reserve_port
            print(*(reserve_port() for _ in range(20)), flush=True)
            input()
        """
        path = self.write("reserves.py", program)
        programs = [
            subprocess.Popen([sys.executable, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                             env={**os.environ, "PYTHONPATH": TESTS})
            for _ in range(3)
        ]
        ports = []
        for program in programs:
            ports += map(int, program.stdout.readline().split())
        for program in programs:
            program.communicate("\n")
            self.assertEqual(program.returncode, 0)
        self.assertEqual(len(ports), 60)
        self.assertEqual(len(set(ports)), 60)
        with open("/proc/sys/net/ipv4/ip_local_port_range") as kernel_range:
            self.assertLess(max(ports), int(kernel_range.read().split()[0]))

    def test_a_port_on_which_a_program_listens_is_not_given_out(self):
        port = reserve_port()
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", port + 1))
            listener.listen()
            self.assertNotIn(port + 1, [reserve_port() for _ in range(3)])


class CompileCommands(ToolTest):
    def test_each_source_gets_the_flags_before_it(self):
        tool = os.path.join(TOOLS, "compile_commands.py")
        command = [sys.executable, tool, "-Ia", "-w", "--", "a.cc", "b.cc", "--", "-Ib", "--", "c.cc"]
        subprocess.run(command, cwd=self.folder, check=True)
        with open(os.path.join(self.folder, "compile_commands.json")) as file:
            entries = json.load(file)
        self.assertEqual({entry["directory"] for entry in entries}, {os.path.realpath(self.folder)})
        self.assertEqual(
            {entry["file"]: entry["arguments"] for entry in entries},
            {
                "a.cc": ["clang++", "-Ia", "-w", "-c", "a.cc"],
                "b.cc": ["clang++", "-Ia", "-w", "-c", "b.cc"],
                "c.cc": ["clang++", "-Ib", "-c", "c.cc"],
            },
        )


class Make(ToolTest):
    """The Makefile of this tree, with `make -n`, which prints what it would do."""

    def make(self, *arguments):
        """Returns the output, and how often python was started meanwhile."""
        script = f'#!/bin/sh\necho >> {self.folder}/starts\nexec {sys.executable} "$@"\n'
        python = self.write("python", script, executable=True)
        starts = self.write("starts", "")
        command = ["make", "-C", ROOT, "-n", f"PYTHON={python}", *arguments]
        done = self.run_tool(*command, MAKEFLAGS="", MAKELEVEL="0")
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout, os.path.getsize(starts)

    def test_python_is_started_once_to_read_what_there_is_to_build(self):
        for goals in (), ("all",), ("unit", "check", "fuzz"), ("clean", "all"):
            with self.subTest(goals=goals):
                self.assertEqual(self.make(*goals)[1], 1)

    def test_python_is_not_started_where_nothing_is_built(self):
        for goal in "help", "clean", "deps":
            with self.subTest(goal=goal):
                self.assertEqual(self.make(goal)[1], 0)

    def test_unit_tests_are_built_without_plugin_and_benchmarks(self):
        output, _ = self.make("-B", "unit")
        self.assertIn("LD build/tests/unit", output)
        for program in "aiopyr_plugin.so", "bench/load", "examples/features.so", "tests/faulty_calls.so":
            self.assertNotIn(f"LD build/{program}", output)

    def test_functional_tests_get_all_that_they_start(self):
        output, _ = self.make("-B", "functional")
        for program in ("aiopyr_plugin.so", "examples/features.so", "bench/load",
                        "bench/minimal_plugin.so", "tests/faulty_calls.so", "tests/crashing_app.so",
                        "tests/pyramid_twin.so"):
            self.assertIn(f"LD build/{program}", output)


class RunTests(ToolTest):
    def run_tests(self, *arguments):
        """Returns exit code and last line."""
        tool = os.path.join(TOOLS, "run_tests.py")
        done = self.run_tool("env", "-u", "AIOPYR_TESTS_AGAIN", sys.executable, tool, *arguments)
        return done.returncode, done.stdout.splitlines()[-1], done.stdout

    def python_tests(self, body):
        text = "import os, unittest\n" + textwrap.dedent(body)
        path = os.path.join(self.folder, "tests", "test_one.py")
        os.makedirs(os.path.dirname(path))
        with open(path, "w") as file:
            file.write(text)
        return os.path.dirname(path)

    def catch_tests(self, report, ending):
        """Writes a program that behaves as a Catch2 binary with the XML reporter."""
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

    def test_notes_of_tests_are_shown_and_the_rest_of_what_they_print_is_not(self):
        folder = self.python_tests(
            """
            class Some(unittest.TestCase):
                def test_good(self): print("noise\\nnote: seed 5\\nnoise")
            """
        )
        code, _, output = self.run_tests("--functional", folder)
        self.assertEqual(code, 0)
        self.assertIn("\nnote: seed 5\n", output)
        self.assertNotIn("noise", output)

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

    # Fails the first time in this folder.
    FLAKY = """
        class Some(unittest.TestCase):
            def test_flaky(self):
                path = os.path.join(os.path.dirname(__file__), "marker")
                if not os.path.exists(path):
                    open(path, "w").close()
                    self.fail({message!r})
            def test_other(self): pass
        """

    def test_what_failed_by_accident_passes_when_it_is_run_again_and_is_told(self):
        folder = self.python_tests(self.FLAKY.format(message="late"))
        code, last, output = self.run_tests("--functional", folder, "--again")
        self.assertEqual((code, last), (0, "2 passed, 0 failed"))
        self.assertIn(f"flaky: {folder}: test_one.Some.test_flaky\n", output)

    def test_it_fails_where_nobody_asks_to_run_it_again(self):
        folder = self.python_tests(self.FLAKY.format(message="late"))
        self.assertEqual(self.run_tests("--functional", folder)[:2], (1, "1 passed, 1 failed"))

    def test_damaged_memory_is_no_accident(self):
        for message in ("ERROR: AddressSanitizer: heap-use-after-free", "free(): corrupted", "died of SIGILL",
                        "uwsgi has crashed:", "DAMN ! worker 1 (pid: 8) died, killed by signal 11",
                        "terminate called"):
            with self.subTest(message), tempfile.TemporaryDirectory() as self.folder:
                folder = self.python_tests(self.FLAKY.format(message=message))
                code, last, _ = self.run_tests("--functional", folder, "--again")
                self.assertEqual((code, last), (1, "1 passed, 1 failed"))

    def test_what_fails_twice_has_failed(self):
        folder = self.python_tests(
            """
            class Some(unittest.TestCase):
                def test_bad(self): self.fail()
                def test_good(self): pass
            """
        )
        code, last, output = self.run_tests("--functional", folder, "--again")
        self.assertEqual((code, last), (1, "1 passed, 1 failed"))
        self.assertNotIn("flaky", output)

    def test_a_module_and_a_program_that_die_once_are_run_again(self):
        folder = self.python_tests(self.FLAKY.format(message=0).replace("self.fail", "os._exit"))
        whole = f"<Catch>{self.case('one', 'true')}</Catch>".replace('"', "'")
        script = f"""\
            #!/bin/bash
            cd {self.folder}
            report="<Catch>"
            [[ -e marker ]] && report="{whole}"
            echo "$report" > "${{@: -1}}"
            touch marker
            """
        binary = self.write("unit", script, executable=True)
        code, _, output = self.run_tests("--unit", binary, "--functional", folder, "--again")
        self.assertEqual(code, 0, output)
        self.assertIn("flaky: ", output)
        self.assertIn("the report ends early, though the exit code is 0; it ends with: '<Catch>'", output)

    def test_many_failures_are_no_accident(self):
        folder = self.python_tests(
            """
            class Some(unittest.TestCase):
                def test_flaky(self):
                    path = os.path.join(os.path.dirname(__file__), "marker")
                    if not os.path.exists(path):
                        open(path, "w").close()
                        self.fail()
            for i in range(8):
                setattr(Some, f"test_{i}", lambda self: self.fail())
            """
        )
        self.assertEqual(self.run_tests("--functional", folder, "--again")[:2], (1, "0 passed, 9 failed"))


class CheckCoroutines(ToolTest):
    def check(self, source):
        """Checks which lines of `source` are found; each expected one ends with `// found`."""
        expected = [number for number, line in enumerate(source.splitlines(), 1) if line.endswith("// found")]
        path = self.write("coroutine.cc", source)
        done = self.run_tool(os.path.join(ROOT, "tools", "check_coroutines.py"), path)
        found = [int(line.split(":")[1]) for line in done.stdout.splitlines()]
        self.assertEqual(found, expected, done.stdout)
        self.assertEqual(done.returncode, 1 if expected else 0)

    def test_a_condition_that_awaits_and_declares_nothing_is_found(self):
        self.check("""
if (co_await check()) return;  // found
if (!co_await check()) return;  // found
while (more && co_await check()) {}  // found
switch (co_await kind()) {}  // found
for (; co_await check();) {}  // found
if (lock(); co_await check()) {}  // found
if (x == co_await f()) {}  // found
if (co_await f() == 1) {}  // found
if (
    co_await check()) {}
""".replace("if (\n", "if (  // found\n"))

    def test_a_condition_that_declares_a_variable_is_not(self):
        self.check("""
while (auto message = co_await ws.recv()) {}
while (const auto message = co_await ws.recv()) {}
if (std::optional<Message> message = co_await ws.recv()) {}
if (const auto ok = co_await check(); ok) {}
for (int i = 0; i < 4; ++i) co_await next();
for (auto x : co_await all()) {}
// if (co_await check())
log("if (co_await check())");
if (ready) co_await check();
if (const auto f = [] { co_await check(); }; f) {}
""")

    def test_a_lambda_with_copies_in_an_expression_that_awaits_is_found(self):
        self.check("""
co_await run_in_executor([name] { return name; });  // found
auto x = co_await run([&a, name]() mutable { });  // found
co_await run(1, [=] { });  // found
co_return co_await run([name = std::move(name)] { });  // found
co_await run(
    [name] { });  // found
""")

    def test_a_lambda_without_copies_and_one_that_is_kept_before_are_not(self):
        self.check("""
co_await run_in_executor([] { return 1; });
co_await run_in_executor([&] { return 1; });
co_await run_in_executor([this, &name] { return 1; });
const auto work = [name] { return name; };
co_await run_in_executor(work);
co_await values[name];
call([name] { return name; });
auto task = [name]() -> Task<> { co_await sleep(1); };
co_await run([] { return call([name] { }); });
""")


class CheckIncludes(ToolTest):
    HOUSE = {
        "runtime/base": ("errors.h",),
        "runtime/async/loop": ("loop.cc",),
        "runtime/web/request": ("request.h",),
        "websocket/protocol": ("frame.h",),
        "plugin/server": ("uwsgi_api.h",),
        "plugin/connection": ("answers.h",),
        "plugin/request": ("core_loan.h",),
        "plugin": ("plugin.cc",),
    }

    def check(self, path, line):
        self.write("tools/house.txt", "".join(f"{folder}  its sources\n" for folder in self.HOUSE))
        for folder, files in self.HOUSE.items():
            for file in files:
                self.write(f"{folder}/{file}", "")
        self.write(path, line + "\n")
        return self.run_tool(
            sys.executable, os.path.join(TOOLS, "check_includes.py"), self.folder
        )

    def assert_refused(self, path, line, begin=None):
        done = self.check(path, line)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(begin or f"{path}:1: ", done.stdout)

    def test_what_is_higher_in_the_list_is_allowed(self):
        line = "#include <aiopyr/runtime/base/errors.h>"
        for path in ("runtime/web/request/a.h", "websocket/protocol/a.h", "plugin/a.cc"):
            self.assertEqual(self.check(path, line).returncode, 0)

    def test_what_is_lower_in_the_list_is_refused(self):
        self.assert_refused("runtime/async/loop/a.h", "#include <aiopyr/runtime/web/request/request.h>")

    def test_the_protocol_sees_no_web(self):
        self.assert_refused("websocket/protocol/a.cc", "#include <aiopyr/runtime/web/request/request.h>")

    def test_web_sees_no_websocket(self):
        self.assert_refused("runtime/web/request/a.h", "#include <aiopyr/websocket/protocol/frame.h>")

    def test_what_every_app_includes_stays_away_from_slow_standard_headers(self):
        self.write("include/aiopyr/aiopyr.h", "#include <aiopyr/runtime/base/errors.h>\n")
        self.assert_refused("include/aiopyr/runtime/base/errors.h", "#include <regex>")

    def test_a_file_that_is_not_there_is_refused(self):
        self.assert_refused("plugin/a.cc", "#include <aiopyr/runtime/base/none.h>")

    def test_a_folder_that_is_not_in_the_list_is_refused(self):
        self.assert_refused("runtime/web/a.h", "", "runtime/web: not in tools/house.txt")

    def test_a_folder_of_more_than_thirty_sources_is_refused(self):
        for number in range(30):
            self.write(f"plugin/source{number}.h", "")
            self.write(f"plugin/source{number}.cc", "")
        self.assert_refused("plugin/one_more.h", "", "plugin: 32 sources, more than 30")

    def test_the_page_on_architecture_shows_the_list(self):
        self.write("docs/architecture.md", "# Architecture\n")
        self.assert_refused("plugin/a.h", "", "docs/architecture.md: its table of folders")

    def test_the_http_server_sees_no_uwsgi(self):
        for line in ("#include <aiopyr/plugin/server/uwsgi_api.h>", "#include <uwsgi.h>"):
            self.assert_refused("plugin/connection/a.cc", line)
            self.assertEqual(self.check("plugin/request/b.cc", line).returncode, 1)  # for a.cc alone
            os.remove(os.path.join(self.folder, "plugin/connection/a.cc"))
            self.assertEqual(self.check("plugin/request/b.cc", line).returncode, 0)

    def test_libraries_stay_in_their_places(self):
        self.assert_refused("websocket/protocol/a.cc", "#include <uwsgi.h>")
        self.assert_refused("runtime/async/loop/a.h", "#  include <ev.h>")
        self.assert_refused("runtime/web/request/a.cc", "#include <boost/context/fiber.hpp>")
        self.assert_refused("runtime/web/request/b.h", "#include <openssl/sha.h>")


class Deps(ToolTest):
    def run_deps(self, installed, *groups):
        """Runs with a dpkg that has everything or nothing installed, and an apt-get that only prints."""
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

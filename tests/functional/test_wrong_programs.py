"""Messages of compilers about an app that cannot work: with every compiler one sentence that says what to
do, and not thousands of lines."""

import os
import subprocess
import tempfile
import unittest

from support.compilers import ALLOW_OLD, INCLUDE, compiler_commands, is_too_old
from support.paths import ROOT

HELLO = os.path.join(ROOT, "examples", "hello", "hello.cc")

PRELUDE = """#include <aiopyr/aiopyr.h>
using namespace aiopyr;
struct Thing { int x; };
[[maybe_unused]] static int number(Request&) { return 1; }
[[maybe_unused]] static int plain() { return 1; }
void app(Configurator& config);
void app([[maybe_unused]] Configurator& config) {
"""


def compilers():
    """The command of each compiler that is here, which stops at no number of errors."""
    return [[*command, *(["-ferror-limit=0"] if "clang" in command[0] else [])] for command in compiler_commands()]


def compile_source(command, source, *flags):
    return subprocess.run([*command, "-fsyntax-only", "-I", INCLUDE, *(flags or ["-std=c++20"]), "-x", "c++", "-"],
                          input=source, capture_output=True, text=True)


# Statements, and what has to be said of each.
WRONG = [
    ("this is no view: a view takes (Request&)", [
        'config.add_view([](Request) { return Response(); }, {.name = "x"});',
        "config.add_view([](int) { return Response(); });",
        "config.add_view([] { return Response(); });",
        "config.add_view([](Request&, int) { return Response(); });",
        "config.add_view(42);",
        'config.add_view("view");',
        "config.add_view([](Websocket&) {});",
        "config.add_view([](Websocket*) -> Task<> { co_return; });",
        "config.add_exception_view([](int) { return Response(); });",
        "config.add_notfound_view([](int) { return Response(); });",
        "config.add_forbidden_view([](int) { return Response(); });",
    ]),
    ("this view gives no answer: a view gives a Response", [
        "config.add_view([](Request&) {});",
        "config.add_view([](Request&) { return Thing{}; });",
        "config.add_view([](Request&) -> Task<> { co_return; });",
        "config.add_view([](Request&) -> Task<Thing> { co_return Thing{}; });",
    ]),
    ("this class is no view: a class that is a view is constructed", [
        'config.add_view<Thing>({.name = "x"});',
    ]),
    ("this class is no view: a class that is a view has an operator()()", [
        "struct C1 { explicit C1(Request&) {} }; config.add_view<C1>();",
    ]),
    ("this method is no view", [
        "struct C2 { explicit C2(int) {} Response get() { return {}; } }; config.add_view(&C2::get);",
        "struct C3 { explicit C3(Request&) {} Response get(int) { return {}; } }; config.add_view(&C3::get);",
    ]),
    ("this is no tween: one takes (Handler next", [
        "config.add_tween([](Request&) { return Response(); });",
    ]),
    ("this is no view deriver", [
        "config.add_view_deriver([](Request&) { return 1; });",
    ]),
    ("this is no predicate", [
        'config.add_view_predicate("x", [](Request&) { return true; });',
        'config.add_route_predicate("x", 42);',
    ]),
    ("this is no subscriber", [
        "config.add_subscriber([](const auto&) {});",
        "config.add_subscriber(42);",
    ]),
    ("nothing to include", [
        "config.include([](Request&) {});",
        "config.include(42);",
    ]),
    ("nothing to synchronize", [
        "synchronize(plain);",
        "synchronize([] { return 1; });",
        "synchronize(plain, non_strict);",
    ]),
    ("nothing to spawn", [
        "spawn(plain);",
        "spawn([](int) { return 1; }, 2);",
        "spawn(42);",
    ]),
]
# Bounds what the compiler prints for each statement, its notes of who has called what included.
MOST_LINES = 30


class WrongPrograms(unittest.TestCase):
    """All of them in one program, as it takes seconds to read the headers."""

    def test_what_is_wrong_is_said_in_a_sentence_for_each_statement(self):
        statements = [statement for _, group in WRONG for statement in group]
        first = PRELUDE.count("\n") + 1
        for command in compilers():
            done = compile_source(command, PRELUDE + "\n".join(statements) + "\n}\n")
            self.assertNotEqual(done.returncode, 0)
            for number, statement in enumerate(statements, first):
                with self.subTest(compiler=command[0], statement=statement):
                    self.assertIn(f"<stdin>:{number}:", done.stderr)
            for sentence, group in WRONG:
                with self.subTest(compiler=command[0], sentence=sentence):
                    errors = [line for line in done.stderr.splitlines() if "error:" in line and sentence in line]
                    self.assertEqual(len(errors), len(group), done.stderr)
            errors = [line for line in done.stderr.splitlines() if "error:" in line]
            self.assertEqual(len(errors), len(statements), "\n".join(errors))
            self.assertLess(len(done.stderr.splitlines()), MOST_LINES * len(statements), done.stderr)

    def test_the_program_without_them_compiles(self):
        for command in compilers():
            done = compile_source(command, PRELUDE + "}\n")
            self.assertEqual(done.returncode, 0, done.stderr)


class WrongFlags(unittest.TestCase):
    def check(self, command, sentence, *flags):
        done = compile_source(command, "#include <aiopyr/aiopyr.h>\nAIOPYR_APP([](aiopyr::Configurator&) {})\n",
                              *flags)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(sentence, done.stderr)
        errors = [line for line in done.stderr.splitlines() if "error:" in line]
        self.assertLessEqual(len(errors), 2, done.stderr)

    def test_an_older_language_is_refused(self):
        for command in compilers():
            for standard in ("c++17", "c++14"):
                with self.subTest(command[0], standard=standard):
                    self.check(command, "aiopyr needs C++20 or later", f"-std={standard}")

    def test_an_app_that_may_not_be_anywhere_in_memory_is_refused(self):
        for command in compilers():
            with self.subTest(command[0]), tempfile.TemporaryDirectory() as folder:
                done = subprocess.run([*command, "-std=c++20", "-O0", "-shared", "-I", INCLUDE, "-o",
                                       os.path.join(folder, "app.so"), HELLO], capture_output=True, text=True)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn("recompile with -fPIC", done.stderr)

    def test_the_old_abi_of_the_library_is_refused(self):
        for command in compilers():
            with self.subTest(command[0]):
                self.check(command, "aiopyr needs the C++11 ABI", "-std=c++20", "-D_GLIBCXX_USE_CXX11_ABI=0")

    @unittest.skipUnless(is_too_old("g++"), "this g++ compiles coroutines")
    def test_a_compiler_that_miscompiles_is_refused(self):
        self.check(["g++"], "clang++-19", "-std=c++20")

    @unittest.skipUnless(is_too_old("g++"), "this g++ compiles coroutines")
    def test_a_compiler_that_miscompiles_is_allowed_where_that_is_asked_for(self):
        done = compile_source(["g++", ALLOW_OLD], "#include <aiopyr/aiopyr.h>\n")
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()

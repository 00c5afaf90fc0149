"""The compiler's messages about an app: none for a correct one, and clear ones for what it forgets."""

import os
import re
import shutil
import subprocess
import unittest

from support.compilers import compiler_commands
from support.paths import ROOT

COMPAT = os.path.join(ROOT, "tools", "clang14_compat.h")
COMPILERS = {command[0]: command for command in compiler_commands()}
if shutil.which("clang++-14"):
    COMPILERS["clang++-14"] = ["clang++-14", "-include", COMPAT]
FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-fsyntax-only"]
FLAGS += ["-I", os.path.join(ROOT, "include"), "-x", "c++", "-"]


class Compiler(unittest.TestCase):
    def check(self, source):
        """Checks that the compilers warn in the lines of `source` that end with `// warned`, and in no
        others."""
        for name, command in COMPILERS.items():
            expected = [number for number, line in enumerate(source.splitlines(), 1)
                        if line.endswith(("// warned", "// warned by " + name.split("++")[0]))]
            with self.subTest(compiler=name):
                done = subprocess.run([*command, *FLAGS], input=source, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                lines = re.findall(r"^<stdin>:(\d+):\d+: warning:", done.stderr, re.MULTILINE)
                self.assertEqual(sorted({int(line) for line in lines}), expected, done.stderr)
                self.assertEqual(done.stderr.count("warning:"), len(lines), done.stderr)

    def test_an_app_is_named_with_or_without_a_semicolon(self):
        for end in ("", ";"):
            self.check("#include <aiopyr/runtime/web/config/app.h>\n"
                       "static void app(aiopyr::Configurator&) {}\n"
                       f"AIOPYR_APP(app){end}\n")

    def test_a_wait_that_is_forgotten_is_warned_of(self):
        self.check("""
#include <aiopyr/async.h>
using namespace aiopyr;
static Task<int> number() { co_return 1; }
static int plain() { return 1; }
Task<> forgets(Event& event, Lock& lock, Semaphore& semaphore, Queue<int>& queue);
Task<> forgets(Event& event, Lock& lock, Semaphore& semaphore, Queue<int>& queue) {
  number();  // warned
  sleep(1);  // warned
  wait_readable(0);  // warned
  wait_for_fd(0, FdEvents::kRead);  // warned
  wait_for_fd(0, FdEvents::kRead, 1);  // warned
  wait_for(number(), 1);  // warned
  gather(number(), number());  // warned
  first_of(number(), number());  // warned
  event.wait();  // warned
  lock.acquire();  // warned
  co_await lock.acquire();  // warned by clang
  co_await semaphore.acquire();  // warned by clang
  queue.get();  // warned
  queue.put(1);  // warned
  run_in_executor(plain);  // warned
  spawn_fiber(plain);  // warned
  synchronize(number, non_strict)();  // warned
  spawn(number());
  co_await sleep(1);
  co_await event.wait();
  const auto guard = co_await lock.acquire();
}""")


if __name__ == "__main__":
    unittest.main()

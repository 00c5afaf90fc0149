"""The README and the docs show code that is compiled, and the README names files that exist."""

import glob
import os
import re
import unittest

from support.paths import ROOT


class Readme(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(os.path.join(ROOT, "README.md")) as file:
            cls.text = file.read()

    def test_smallest_app_is_the_compiled_example(self):
        with open(os.path.join(ROOT, "examples/hello/hello.cc")) as file:
            source = file.read().split("\n", 1)[1]
        self.assertIn(f"```cpp\n{source}```", self.text)

    def test_links_lead_to_files(self):
        for link in re.findall(r"\]\(([^)]+)\)", self.text):
            if not link.startswith("http"):
                with self.subTest(link=link):
                    self.assertTrue(os.path.exists(os.path.join(ROOT, link)))


class CodeOfTheJobBoard(unittest.TestCase):
    """What docs show of examples/jobs is there, function by function."""

    @classmethod
    def setUpClass(cls):
        cls.source = ""
        for path in glob.glob(os.path.join(ROOT, "examples/jobs/**/*.[ch]*"), recursive=True):
            with open(path) as file:
                cls.source += file.read()

    def blocks(self, name):
        with open(os.path.join(ROOT, "docs", name)) as file:
            return re.findall(r"```cpp\n(.*?)```", file.read(), re.S)

    def test_excerpts_are_the_compiled_example(self):
        shown = self.blocks("jobs.md")
        shown += [block for name in ("postgresql.md", "http-client.md") for block in self.blocks(name)
                  if "include_database" in block or "RateCache" in block or "find_user" in block]
        self.assertEqual(len(shown), 5 + 3)
        for block in shown:
            for piece in re.split(r"\n\n(?=\S)", block.strip()):
                if not piece.startswith("#include"):
                    with self.subTest(piece.partition("\n")[0]):
                        self.assertTrue(piece in self.source, piece)

"""The README shows code that is compiled, and names files that exist."""

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

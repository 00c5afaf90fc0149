"""The paths of files in the tree."""

import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TESTS = os.path.join(ROOT, "tests")
BUILD = os.path.join(ROOT, "build")
CONFIGS = os.path.join(ROOT, "configs")


def example(name):
    return os.path.join(BUILD, "examples", name + ".so")

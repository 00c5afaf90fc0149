"""The paths of files in the tree."""

import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TESTS = os.path.join(ROOT, "tests")
BUILD = os.path.join(ROOT, "build")
CONFIGS = os.path.join(ROOT, "configs")
# The folder of uWSGI's own plugins: for another uWSGI than Debian's, those that were built with it.
UWSGI_PLUGINS = os.environ.get("UWSGI_PLUGINS", "/usr/lib/uwsgi/plugins")


def example(name):
    return os.path.join(BUILD, "examples", name + ".so")

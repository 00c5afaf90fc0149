"""The wiki, and its visitors."""

import os
import tempfile

from support import visitor
from support.server import ServerTest


class Visitor(visitor.Visitor):
    def login(self, name):
        answer = self.submit("/login", login=name, password=name)
        if answer.status != 303:
            raise AssertionError(f"no login: {answer.status} {answer.text}")
        return self


class WikiTest(ServerTest):
    """Base of tests; each class has a database of its own, in `folder`."""

    ini = None
    more_options = ()

    @classmethod
    def setUpClass(cls):
        if cls is WikiTest:
            super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-wiki-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.database = os.path.join(folder.name, "wiki.sqlite")
        cls.ini = "wiki.ini"
        cls.options = ("--aiopyr-set", f"sqlite.path={cls.database}", *cls.more_options)
        super().setUpClass()

    def visitor(self, name=None):
        visitor = Visitor(self.server)
        return visitor.login(name) if name else visitor

    def assertRedirected(self, answer, path):
        self.assertEqual(answer.status, 303, answer.text)
        self.assertEqual(answer.headers["location"], self.server.url(path))

"""Another request plugin on our fibers: its state is swapped at each switch, as uWSGI's ugreen does."""

import re
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

from support import uwsgi_client
from support.c_plugin import compile_plugin
from support.paths import example
from support.server import Server, plugin_options

OURS, COUNTING = 77, 99
MAIN = -1


class Bookkeeper:
    """Follows a log, and raises AssertionError where a switch was not told as it should have been.

    Around a core's turn the main side is suspended and resumed; inside of it a core is resumed
    before it goes on, and suspended before it leaves in the middle.
    """

    def __init__(self):
        self.turns = {}  # of each core
        self._on = MAIN  # who has the thread; None between the two calls of a switch
        self._waiting = set()

    def follow(self, log):
        for what, core in re.findall(r"\[counting\] (\w+) (-?\d+)", log):
            try:
                getattr(self, "on_" + what)(int(core))
            except AssertionError as error:
                raise AssertionError(f"{what} {core}: {error}\n{log}") from None
        assert self._on == MAIN and not self._waiting, "the last switch is missing\n" + log

    def on_suspend(self, core):
        assert core == self._on, f"{self._on} has the thread"
        self._on = None
        if core != MAIN:
            self._waiting.add(core)

    def on_resume(self, core):
        assert self._on is None, f"{self._on} has the thread"
        if core != MAIN:
            self._waiting.remove(core)
        self._on = core

    def on_begin(self, core):
        assert self._on is None, f"{self._on} has the thread"
        self._on = core

    def on_run(self, core):
        assert core == self._on, f"{self._on} has the thread"
        self.turns[core] = self.turns.get(core, 0) + 1

    def on_end(self, core):
        assert core == self._on, f"{self._on} has the thread"
        self._on = None

    def on_LOST(self, core):
        raise AssertionError("uwsgi.wsgi_req is another request's")


class OtherPlugins(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-plugins-")
        cls.addClassCleanup(folder.cleanup)
        compile_plugin("counting", folder.name)
        cls.options = plugin_options(
            "--plugins-dir", folder.name, "--plugins", "counting", "--uwsgi-socket",
            "127.0.0.1:{port}", "--aiopyr", "10", "--aiopyr-app", example("features"),
            "--disable-logging")

    def setUp(self):
        self.server = Server(options=self.options)
        self.addCleanup(self.server.stop)

    def ask(self, modifier1, query=""):
        variables = uwsgi_client.variables_for("/", query=query)
        return uwsgi_client.ask(self.server, variables, modifier1=modifier1)

    def test_every_switch_is_told_to_the_plugin_of_the_request(self):
        with ThreadPoolExecutor(4) as pool:
            theirs = [pool.submit(self.ask, COUNTING) for _ in range(2)]
            ours = [pool.submit(self.ask, OURS, "sleep=0.05") for _ in range(6)]
        for answer in theirs:
            self.assertTrue(answer.result().endswith(b"counted"), answer.result())
        for answer in ours:
            self.assertIn(b" 200 OK", answer.result())
        log = self.server.wait_for_log("[counting] resume -1")
        bookkeeper = Bookkeeper()
        bookkeeper.follow(log)
        self.assertEqual(list(bookkeeper.turns.values()), [3, 3])
        # They ran at the same time: one ran while the other was suspended.
        self.assertLess(log.rindex("[counting] begin"), log.index("[counting] end"))

    def test_our_own_requests_are_not_told_to_it(self):
        for _ in range(3):
            self.assertIn(b" 200 OK", self.ask(OURS, "sleep=0.01"))
        self.assertNotIn("[counting]", self.server.log())

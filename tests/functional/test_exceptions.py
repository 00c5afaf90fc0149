"""The reports of an app's exceptions in uWSGI and the log, and what a client does not see."""

import re
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

from support.c_plugin import compile_plugin
from support.http import fetch
from support.paths import example
from support.raw_websocket import RawWebsocket
from support.server import Server, ServerTest, plugin_options, wait_until

FEATURES = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "20", "--disable-logging",
                          "--aiopyr-app", example("features"))
MASTER = ["--master", *FEATURES]
REPR = "std::runtime_error: the secret of the coroutine"


class Backtraces(ServerTest):
    options = FEATURES

    def functions_of(self, path):
        """Returns the functions that the log shows below a request's exception, innermost first."""
        answer = fetch(self.server, path)
        self.assertEqual(answer.status, 500)
        self.assertNotIn("secret", answer.text)
        self.assertNotIn("features::", answer.text)
        log = self.wait_for_new_log("std::runtime_error")
        return re.findall(r"^\[aiopyr\]     at (.+) in \S+\+0x[0-9a-f]+$", log, re.M)

    def test_log_shows_where_a_coroutine_has_thrown(self):
        self.assertEqual(self.functions_of("/error/coroutine")[0],
                         "features::errors::error_in_coroutine")

    def test_log_shows_where_a_thread_has_thrown(self):
        self.assertEqual(self.functions_of("/error/plain")[0],
                         "features::errors::error_in_thread(aiopyr::Request&)")

    def test_log_shows_the_whole_way_of_framework_code(self):
        functions = self.functions_of("/error/fiber")
        self.assertEqual(functions[0], "features::errors::error_in_thread(aiopyr::Request&)")
        self.assertIn("aiopyr::detail::handle_request(aiopyr::Request&)", functions)

    def test_answers_that_are_thrown_are_no_failures(self):
        self.assertEqual(fetch(self.server, "/missing/x").status, 404)
        self.assertEqual(fetch(self.server, "/forbidden").status, 403)
        self.assertEqual(self.new_log(), "")


class Handlers(unittest.TestCase):
    def test_exception_handler_gets_class_message_repr_and_backtrace(self):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-plugins-")
        self.addCleanup(folder.cleanup)
        compile_plugin("telling", folder.name)
        server = Server(options=["--plugins-dir", folder.name, "--plugins", "telling", *FEATURES,
                                 "--exception-handler", "telling"])
        self.addCleanup(server.stop)
        answer = fetch(server, "/error/coroutine")
        self.assertEqual(answer.status, 500)
        self.assertNotIn("secret", answer.text)
        log = server.wait_for_log("[telling] node=")
        self.assertIn("[telling] class=std::runtime_error\n", log)
        self.assertIn("[telling] msg=the secret of the coroutine\n", log)
        self.assertIn(f"[telling] repr={REPR}\n", log)
        self.assertIn("[telling] frame features.so 0 features::errors::error_in_coroutine\n", log)


class CatchExceptions(ServerTest):
    options = [*FEATURES, "--catch-exceptions"]

    def test_developers_may_see_type_and_message_but_no_backtrace(self):
        answer = fetch(self.server, "/error/coroutine")
        self.assertEqual(answer.status, 500)
        self.assertIn("Exception class: std::runtime_error", answer.text)
        self.assertIn("Exception message: the secret of the coroutine", answer.text)
        self.assertIn("Backtrace:\n-Not available-", answer.text)
        self.assertNotIn("features::", answer.text)
        self.assertIn("error_in_coroutine", self.wait_for_new_log("at features::errors"))

    def test_what_is_answered_otherwise_stays_so(self):
        self.assertEqual(fetch(self.server, "/missing/x").status, 404)
        self.assertEqual(fetch(self.server, "/error/plain", "HEAD").body, b"")


class Reload(unittest.TestCase):
    """reload-on-exception and similar options: a drain, not an exit() in the middle of requests."""

    def start(self, *options):
        server = Server(options=[*MASTER, *options])
        self.addCleanup(server.stop)
        return server

    def assert_reloads(self, server):
        first = server.worker_pids()
        with ThreadPoolExecutor(4) as pool, RawWebsocket(server, "/type") as websocket:
            running = [pool.submit(fetch, server, "/?sleep=1") for _ in range(4)]
            wait_until(lambda: fetch(server, "/title").status == 200)
            self.assertEqual(fetch(server, "/error/coroutine").status, 500)
            self.assertEqual([answer.result().status for answer in running], [200] * 4)
            self.assertEqual(websocket.receive_close(), 1012)
        server.wait_for_log("monitored exception detected, respawning worker 1")
        wait_until(lambda: server.worker_pids() not in (first, []), 8)
        self.assertEqual(fetch(server, "/title").status, 200)

    def test_any_exception_reloads_and_requests_in_flight_are_kept(self):
        self.assert_reloads(self.start("--reload-on-exception"))

    def test_a_type_a_message_or_a_repr_reloads(self):
        for option, value in (("type", "std::runtime_error"),
                              ("value", "the secret of the coroutine"), ("repr", REPR)):
            with self.subTest(option):
                self.assert_reloads(self.start("--reload-on-exception-" + option, value))

    def test_other_exceptions_and_answers_do_not_reload(self):
        server = self.start("--reload-on-exception-type", "std::logic_error",
                            "--reload-on-exception-value", "something else")
        first = server.worker_pids()
        self.assertEqual(fetch(server, "/error/coroutine").status, 500)
        self.assertEqual(fetch(server, "/missing/x").status, 404)
        self.assertNotIn("about to restart", server.log())
        self.assertEqual(server.worker_pids(), first)

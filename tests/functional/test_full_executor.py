"""Requests for a full executor: answered with 503, while those already queued are served."""

from support.http import fetch, fetch_all
from support.paths import example
from support.patience import patient
from support.server import ServerTest, plugin_options

THREADS = 1
QUEUE = 2
REQUESTS = 12


class FullExecutor(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", str(REQUESTS),
                             "--aiopyr-app", example("features"),
                             "--aiopyr-executor-threads", str(THREADS),
                             "--aiopyr-executor-queue", str(QUEUE))

    def fill(self):
        """Sends more requests than threads and queue can take, before the first of them has ended."""
        return fetch_all(self.server, [f"/blocking?sleep={patient(1)}"] * REQUESTS, timeout=60)

    def test_those_beyond_the_queue_are_asked_to_try_again(self):
        answers = self.fill()
        served = [answer for answer in answers if answer.status == 200]
        refused = [answer for answer in answers if answer.status == 503]
        self.assertEqual(len(served) + len(refused), REQUESTS)
        self.assertGreaterEqual(len(served), THREADS + QUEUE)
        self.assertGreater(len(refused), 0)
        self.assertEqual({answer.headers["retry-after"] for answer in refused}, {"1"})

    def test_log_says_which_route_and_what_to_raise(self):
        self.fill()
        log = self.wait_for_new_log("the executor's queue is full")
        self.assertRegex(log, r"WARNING: route 'blocking': the executor's queue is full: 2 jobs wait for its 1 "
                              r"threads; raise aiopyr-executor-threads or aiopyr-executor-queue")
        self.assertNotIn("ERROR", log)

    def test_requests_without_the_executor_do_not_notice(self):
        self.fill()
        self.assertEqual(fetch(self.server, "/title").status, 200)

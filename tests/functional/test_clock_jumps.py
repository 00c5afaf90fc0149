"""Sets the wall clock while a server runs: waits are neither early nor late, and dates stay sane."""

import email.utils
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from support.faults import FaultyServer
from support.http import fetch
from support.paths import example
from support.patience import patient
from support.raw_websocket import RawWebsocket
from support.server import plugin_options

HOUR = 3600
JUMPS = (HOUR, -HOUR, 10 * 365 * 24 * HOUR)


class ClockJumps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = FaultyServer(10, plugin_options(
            "--http-socket", "127.0.0.1:{port}", "--aiopyr-app", example("features"), "--disable-logging",
            "--aiopyr-request-timeout", "1", "--aiopyr-websocket-ping-interval", "0.5",
            "--aiopyr-websocket-ping-timeout", "0.5"))
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.addCleanup(self.set_clock, 0)

    def set_clock(self, shift):
        self.server.control.clock_shift = shift

    def assert_takes(self, seconds, act, jump):
        """Lets the clock jump while `act` waits, and returns the result of `act`."""
        with ThreadPoolExecutor(1) as pool:
            begin = time.monotonic()
            result = pool.submit(act)
            time.sleep(0.25)
            self.set_clock(jump)
            result = result.result()
            taken = time.monotonic() - begin
        self.set_clock(0)
        self.assertGreater(taken, seconds - 0.05)
        self.assertLess(taken, seconds + patient(0.5))
        return result

    def test_a_view_that_sleeps(self):
        for jump in JUMPS:
            answer = self.assert_takes(0.6, lambda: fetch(self.server, "/?sleep=0.6"), jump)
            self.assertEqual(answer.status, 200)

    def test_the_deadline_of_a_request(self):
        for jump in JUMPS:
            answer = self.assert_takes(1, lambda: fetch(self.server, "/?sleep=5"), jump)
            self.assertEqual(answer.status, 504)

    def test_the_keepalive_of_a_websocket(self):
        for jump in JUMPS:
            with RawWebsocket(self.server, "/type") as ws:
                self.assertEqual(self.assert_takes(1, ws.receive_close, jump), 1011)

    def cookie_of(self, answer):
        return answer.headers["set-cookie"].partition(";")[0]

    def visit(self, cookie=None):
        return fetch(self.server, "/session", headers={"Cookie": cookie} if cookie else None)

    def test_a_session_ends_by_the_clock_of_the_day_and_survives_that_it_is_set_back(self):
        cookie = self.cookie_of(self.visit())
        self.set_clock(-HOUR)
        self.assertEqual(self.visit(cookie).json(), {"count": 2, "new": False})
        self.set_clock(HOUR)
        # Expired, and not reported as new: as in Pyramid.
        self.assertEqual(self.visit(cookie).json(), {"count": 1, "new": False})
        self.set_clock(0)
        self.assertEqual(self.visit(cookie).json(), {"count": 2, "new": False})

    def test_a_ticket_is_good_on_both_sides_of_a_jump(self):
        cookie = self.cookie_of(fetch(self.server, "/login?user=george"))
        for jump in JUMPS:
            self.set_clock(jump)
            me = fetch(self.server, "/me", headers={"Cookie": cookie})
            self.assertEqual(me.json()["userid"], "george")

    def test_dates_follow_the_clock(self):
        for jump in (0, *JUMPS):
            self.set_clock(jump)
            answer = fetch(self.server, "/cookies/a?value=b", "POST")
            expires = answer.headers["set-cookie"].lower().partition("expires=")[2].partition(";")[0]
            date = email.utils.parsedate_to_datetime(expires).timestamp()
            self.assertAlmostEqual(date, time.time() + jump + HOUR, delta=5)


if __name__ == "__main__":
    unittest.main()

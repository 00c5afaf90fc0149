"""Requests that take too long: cancelled, answered with 504, without an effect on others."""

import http.client
import socket
import time
import unittest

from support.http import fetch, fetch_all
from support.paths import example
from support.patience import patient
from support.raw_websocket import TEXT, RawWebsocket
from support.server import ServerTest, plugin_options, wait_until

CORES = 4
TIMEOUT = 0.5


class RequestTimeout(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", str(CORES),
                             "--aiopyr-app", example("features"),
                             "--aiopyr-request-timeout", str(TIMEOUT))

    def timed(self, path, **more):
        begin = time.monotonic()
        answer = fetch(self.server, path, **more)
        return answer, time.monotonic() - begin

    def assert_late(self, path, at_least=TIMEOUT):
        answer, seconds = self.timed(path)
        self.assertEqual(answer.status, 504)
        self.assertIn("Gateway", answer.text)
        self.assertGreaterEqual(seconds, at_least)
        self.assertLess(seconds, at_least + patient(1))
        return answer

    def test_late_coroutine_is_answered_with_504_and_logged_with_its_route(self):
        self.assert_late("/wait?sleep=20")
        log = self.wait_for_new_log("not answered within")
        self.assertIn("GET /wait?sleep=20: not answered within 0.5 s (route wait)", log)

    def test_view_in_time_is_answered(self):
        self.assertEqual(fetch(self.server, "/wait?sleep=0.1").text, "in time")

    def test_all_cores_are_free_again(self):
        for _ in range(2):
            answers = fetch_all(self.server, ["/wait?sleep=20"] * CORES)
            self.assertEqual([answer.status for answer in answers], [504] * CORES)

    def test_others_are_untouched(self):
        answers = fetch_all(self.server, ["/wait?sleep=20", "/wait?sleep=0.1", "/wait/patiently?sleep=0.8"])
        self.assertEqual([answer.status for answer in answers], [504, 200, 200])

    def test_view_has_its_own_time(self):
        self.assertEqual(fetch(self.server, "/wait/patiently?sleep=0.8").text, "in time")
        self.assert_late("/wait/briefly?sleep=20", at_least=0.2)

    def test_request_may_take_more_while_it_runs(self):
        self.assertEqual(fetch(self.server, "/wait/longer?sleep=0.8").text, "in time")

    def test_answer_of_a_view_that_catches_its_end_comes_too_late(self):
        self.assert_late("/wait/stubbornly?sleep=20")

    def test_client_of_a_thread_that_blocks_need_not_wait_for_it(self):
        answer, seconds = self.timed("/blocking?sleep=2")
        self.assertEqual(answer.status, 504)
        self.assertLess(seconds, patient(1.5))
        # The core is free when the thread has ended, and whole.
        wait_until(lambda: self.new_log().count("not answered within") == 1)
        answers = fetch_all(self.server, ["/wait?sleep=0.1"] * CORES)
        self.assertEqual([answer.status for answer in answers], [200] * CORES)
        self.assertIn("(HTTP/1.1 504)", self.new_log())

    def test_body_that_does_not_come_ends_with_the_time(self):
        with socket.create_connection(self.server.address, patient(10)) as client:
            # The first 64 KiB are awaited before the app is asked: see test_slow_clients.
            head = b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            client.sendall(head + b"20000\r\n" + b"x" * 100_000)
            self.assertIn(b"504 Gateway", client.recv(65536))

    def test_head_alone_is_answered_without_a_body(self):
        answer = fetch(self.server, "/wait?sleep=20", method="HEAD")
        self.assertEqual((answer.status, answer.body), (504, b""))

    def test_head_of_a_thread_that_blocks_is_answered_without_a_body_too(self):
        with socket.create_connection(self.server.address, patient(10)) as client:
            client.sendall(b"HEAD /blocking?sleep=1.5 HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while part := client.recv(65536):
                answer += part
        self.assertIn(b"504 Gateway", answer)
        self.assertTrue(answer.endswith(b"\r\n\r\n"), answer)

    def test_websockets_have_any_time(self):
        for path in ("/type", "/uwsgi-type"):
            with self.subTest(path=path), RawWebsocket(self.server, path) as ws:
                time.sleep(TIMEOUT + 0.3)
                ws.send_frame(TEXT, b"abc")
                self.assertEqual(ws.receive(), (TEXT, b"str:3"))


class BlockedLoop(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", str(CORES),
                             "--aiopyr-app", example("features"),
                             "--aiopyr-block-warning", str(patient(0.1)))

    def test_who_blocks_the_loop_is_logged_with_its_name(self):
        self.assertEqual(fetch(self.server, f"/compute?seconds={patient(0.4)}").text, "computed")
        log = self.wait_for_new_log("features::deadlines::compute")
        self.assertRegex(log, r"the loop has been blocked for \d+ ms")

    def test_views_that_wait_or_block_elsewhere_are_not_told_on(self):
        fetch_all(self.server, ["/wait?sleep=0.5", "/blocking?sleep=0.5"])
        self.assertNotIn("blocked", self.new_log())


class StuckLoop(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", str(CORES),
                             "--aiopyr-app", example("features"), "--master", "--harakiri", "1",
                             "--aiopyr-block-warning", "15")

    def test_master_kills_a_worker_whose_loop_is_stuck_and_starts_another(self):
        with self.assertRaises((ConnectionError, http.client.HTTPException)):
            fetch(self.server, "/compute?seconds=20")
        self.wait_for_new_log("HARAKIRI")
        wait_until(lambda: fetch(self.server, "/title").status == 200)

    def test_requests_that_take_longer_are_not_killed(self):
        self.assertEqual(fetch(self.server, "/wait?sleep=2.5").text, "in time")


class WithoutATimeout(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", str(CORES),
                             "--aiopyr-app", example("features"))

    def test_views_have_any_time_but_those_with_one_of_their_own(self):
        answers = fetch_all(self.server, ["/wait?sleep=1.2", "/wait/briefly?sleep=1.2"])
        self.assertEqual([answer.status for answer in answers], [200, 504])


if __name__ == "__main__":
    unittest.main()

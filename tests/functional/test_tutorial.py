"""The tutorial's page, and how many requests for it one worker serves."""

import time

from support.http import fetch, fetch_all
from support.patience import patient
from support.server import ServerTest


class TutorialPage(ServerTest):
    ini = "tutorial.ini"

    def test_page_has_the_title_and_the_script(self):
        answer = fetch(self.server)
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["content-type"], "text/html; charset=UTF-8")
        self.assertIn("<title>aiotutorial websocket test</title>", answer.text)
        self.assertIn("new WebSocket(", answer.text)
        self.assertIn("waited 0.1 s", answer.text)

    def test_page_waits_a_tenth_of_a_second_unless_told_otherwise(self):
        begin = time.monotonic()
        fetch(self.server)
        self.assertGreaterEqual(time.monotonic() - begin, 0.1)

    def test_page_waits_as_long_as_it_is_told(self):
        begin = time.monotonic()
        self.assertIn("waited 0.5 s", fetch(self.server, "/?sleep=0.5").text)
        self.assertGreaterEqual(time.monotonic() - begin, 0.5)

    def test_page_waits_as_long_even_after_the_worker_was_idle(self):
        fetch(self.server)
        time.sleep(1)
        begin = time.monotonic()
        fetch(self.server, "/?sleep=0.5")
        self.assertGreaterEqual(time.monotonic() - begin, 0.5)

    def test_time_that_is_no_number_is_a_bad_request(self):
        answer = fetch(self.server, "/?sleep=abc")
        self.assertEqual(answer.status, 400)
        self.assertIn("sleep", answer.text)

    def test_head_is_answered_without_a_body(self):
        answer = fetch(self.server, method="HEAD")
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertGreater(int(answer.headers["content-length"]), 1000)

    def test_unknown_path_is_not_found(self):
        self.assertEqual(fetch(self.server, "/nowhere").status, 404)

    def test_fifty_that_wait_a_second_are_served_within_two(self):
        begin = time.monotonic()
        answers = fetch_all(self.server, ["/?sleep=1"] * 50)
        self.assertLess(time.monotonic() - begin, patient(2))
        self.assertEqual([answer.status for answer in answers], [200] * 50)

    def test_more_requests_than_cores_wait_and_are_all_served(self):
        answers = fetch_all(self.server, ["/?sleep=0.2"] * 150)
        self.assertEqual([answer.status for answer in answers], [200] * 150)

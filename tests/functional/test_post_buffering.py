"""uWSGI's post-buffering: it reads bodies itself, before the app is called, and makes others wait."""

import contextlib
import threading
import time
import unittest

from support.http import fetch
from support.paths import example
from support.patience import patient
from support.raw_http import RawHttp, request
from support.server import Server, plugin_options

SIZE = 5_000_000
RAISED = "[aiopyr] post-buffering = 1 is raised to 8192"


class PostBuffering(unittest.TestCase):
    def start(self, *options):
        server = Server(options=plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10",
                                               "--aiopyr-app", example("features"), *options))
        self.addCleanup(server.stop)
        return server

    def upload(self, server, done):
        with contextlib.closing(RawHttp(server, timeout=60)) as client:
            client.send(request("/title", f"Content-Length: {SIZE}", method="POST"))
            with contextlib.suppress(ConnectionError):
                client.send(b"x" * SIZE)
            done.append(client.head()[0])

    def test_others_are_served_during_an_upload(self):
        for size in ("1", "8192", "100000"):
            with self.subTest(size):
                server = self.start("--post-buffering", size)
                done = []
                uploads = [threading.Thread(target=self.upload, args=(server, done)) for _ in range(3)]
                longest = 0
                for upload in uploads:
                    upload.start()
                while any(upload.is_alive() for upload in uploads):
                    begin = time.monotonic()
                    self.assertEqual(fetch(server, "/title", timeout=60).status, 200)
                    longest = max(longest, time.monotonic() - begin)
                self.assertEqual(len(done), 3)
                self.assertTrue(all(line.startswith("HTTP/1.1 ") for line in done), done)
                self.assertLess(longest, patient(1.5))
                self.assertEqual(server.log().count(RAISED), 1 if size == "1" else 0)

    def test_body_is_whole_and_none_of_it_lost(self):
        server = self.start("--post-buffering", "1")
        text = "".join(f"{line:06}\n" for line in range(300_000))
        answer = fetch(server, "/body", "POST", text, {"Content-Type": "text/plain"})
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.text, text)

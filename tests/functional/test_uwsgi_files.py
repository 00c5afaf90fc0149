"""Files that uWSGI itself serves, in each of its ways: answered as without the plugin."""

import os
import tempfile
import unittest

from support.http import curl
from support.paths import example
from support.server import Server, plugin_options


class UwsgiFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        for name, text in (("a.txt", "hello"), ("empty.txt", "")):
            with open(os.path.join(cls.folder.name, name), "w") as file:
                file.write(text)

    def start(self, *more):
        server = Server(options=plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "4",
                                               "--aiopyr-app", example("features"), "--disable-logging", *more))
        self.addCleanup(server.stop)
        return server

    def test_head_tells_the_length_and_an_empty_file_is_one(self):
        for option, path in (("--static-map", f"/st={self.folder.name}"), ("--check-static", self.folder.name)):
            server = self.start(option, path)
            prefix = "/st" if option == "--static-map" else ""
            with self.subTest(option):
                head = curl(server, prefix + "/a.txt", "--head")
                self.assertEqual((head.status, head.headers["content-length"]), (200, "5"))
                self.assertEqual(curl(server, prefix + "/a.txt").text, "hello")
                empty = curl(server, prefix + "/empty.txt")
                self.assertEqual((empty.status, empty.text), (200, ""))
                self.assertEqual(curl(server, prefix + "/a.txt", "-H", "Range: bytes=1-2").status, 200)

    def test_a_web_server_is_told_to_send_the_file(self):
        server = self.start("--static-map", f"/st={self.folder.name}", "--file-serve-mode", "nginx")
        for method in ("GET", "HEAD"):
            with self.subTest(method):
                answer = curl(server, "/st/a.txt", *(["--head"] if method == "HEAD" else []))
                self.assertEqual(answer.status, 200)
                self.assertIn("a.txt", answer.headers["x-accel-redirect"])

    def test_a_thread_sends_the_file(self):
        server = self.start("--static-map", f"/st={self.folder.name}", "--offload-threads", "1")
        self.assertEqual(curl(server, "/st/a.txt").text, "hello")
        self.assertEqual(curl(server, "/st/a.txt", "--head").status, 200)


if __name__ == "__main__":
    unittest.main()

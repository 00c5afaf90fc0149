"""Static files of examples/features, as curl and Python's client see them."""

import gzip
import os
import socket

from support.http import curl, fetch
from support.paths import ROOT
from support.patience import patient
from support.server import ServerTest

FILES = os.path.join(ROOT, "examples", "features", "static")


def content(name):
    with open(os.path.join(FILES, name), "rb") as file:
        return file.read()


class StaticFiles(ServerTest):
    ini = "features.ini"

    def test_file_is_served_whole_with_its_type_and_freshness(self):
        answer = curl(self.server, "/static/style.css")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.body, content("style.css"))
        self.assertEqual(answer.headers["content-type"], "text/css; charset=UTF-8")
        self.assertEqual(answer.headers["cache-control"], "max-age=3600")
        self.assertEqual(answer.headers["vary"], "Accept-Encoding")

    def test_head_has_the_headers_of_get(self):
        answer = fetch(self.server, "/static/style.css", "HEAD")
        self.assertEqual(answer.status, 200)
        self.assertEqual(int(answer.headers["content-length"]), len(content("style.css")))
        self.assertEqual(answer.body, b"")

    def test_compressed_variant_is_sent_to_who_takes_it(self):
        answer = curl(self.server, "/static/style.css", "-H", "Accept-Encoding: gzip")
        self.assertEqual(answer.headers["content-encoding"], "gzip")
        self.assertEqual(gzip.decompress(answer.body), content("style.css"))
        unpacked = curl(self.server, "/static/style.css", "--compressed")
        self.assertEqual(unpacked.body, content("style.css"))

    def test_second_visit_gets_304(self):
        first = curl(self.server, "/static/style.css")
        for header in (
            "If-None-Match: " + first.headers["etag"],
            "If-Modified-Since: " + first.headers["last-modified"],
        ):
            again = curl(self.server, "/static/style.css", "-H", header)
            self.assertEqual((again.status, again.body), (304, b""), header)

    def test_range_is_sent_from_the_file(self):
        whole = content("style.css")
        for option, expected in (("5-9", whole[5:10]), ("100-", whole[100:]), ("-7", whole[-7:])):
            answer = curl(self.server, "/static/style.css", "-r", option)
            self.assertEqual((answer.status, answer.body), (206, expected), option)
            self.assertTrue(answer.headers["content-range"].endswith(f"/{len(whole)}"))
        beyond = curl(self.server, "/static/style.css", "-r", "100000-")
        self.assertEqual(beyond.status, 416)
        self.assertEqual(beyond.headers["content-range"], f"bytes */{len(whole)}")

    def test_several_ranges_come_as_multipart(self):
        answer = curl(self.server, "/static/style.css", "-r", "0-1,4-5")
        self.assertEqual(answer.status, 206)
        self.assertTrue(answer.headers["content-type"].startswith("multipart/byteranges; boundary="))
        self.assertIn(b"\r\n\r\n" + content("style.css")[4:6] + b"\r\n", answer.body)

    def test_folder_redirects_to_its_slash_and_shows_its_index(self):
        moved = curl(self.server, "/static/sub?a=b")
        self.assertEqual(moved.status, 301)
        self.assertEqual(moved.headers["location"], self.server.url("/static/sub/?a=b"))
        self.assertEqual(curl(self.server, "/static/sub/").body, content("sub/index.html"))

    def test_nothing_outside_the_folder_is_served(self):
        for path in (
            "/static/../app.cc",
            "/static/..%2fstyle.css",
            "/static/%2e%2e/static/style.css",
            "/static/sub/../style.css",
            "/static/sub%2Findex.html",
            "/static//etc/passwd",
            "/static/style.css%00",
            "/static/style.css%00.html",
            "/static/.%00./style.css",
            "/static/none.css",
            "/static/sub/none/",
        ):
            answer = curl(self.server, path)
            # uWSGI itself closes on some of them; no path may give a file.
            self.assertEqual(answer.status, 404, path)

    def test_kept_connection_stays_in_step_after_partial_answers(self):
        with socket.create_connection(self.server.address, patient(5)) as connection:
            connection.sendall(
                b"GET /static/style.css HTTP/1.1\r\nHost: x\r\nRange: bytes=0-2\r\n"
                b"Connection: close\r\n\r\n"
            )
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
        head, _, body = received.partition(b"\r\n\r\n")
        self.assertIn(b"206 Partial Content", head)
        self.assertEqual(body, content("style.css")[:3])


class Urls(ServerTest):
    ini = "features.ini"

    def test_urls_of_files_and_routes(self):
        urls = fetch(self.server, "/urls").json()
        self.assertEqual(urls["style"], "/static/style.css?x=1")
        self.assertEqual(urls["tree"], self.server.url("/tree/cat/dog"))
        self.assertEqual(fetch(self.server, urls["style"]).status, 200)

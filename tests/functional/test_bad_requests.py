"""Malformed requests, and errors in views."""

import socket

from support.http import curl, fetch
from support.patience import patient
from support.server import ServerTest


def exchange(server, data, timeout=10):
    """Returns the server's answer to these bytes before it closes."""
    with socket.create_connection(server.address, patient(timeout)) as client:
        client.sendall(data)
        answer = b""
        while chunk := client.recv(65536):
            answer += chunk
        return answer


class BadRequests(ServerTest):
    ini = "features.ini"

    def test_path_that_is_not_utf8_is_a_bad_request(self):
        self.assertEqual(curl(self.server, "/files/%FF%FE").status, 400)
        self.assertEqual(curl(self.server, "/%C3%28").status, 400)

    def test_query_that_is_not_utf8_is_a_bad_request(self):
        self.assertEqual(curl(self.server, "/parameters?a=%FF").status, 400)

    def test_parameter_that_does_not_convert_is_named(self):
        answer = fetch(self.server, "/synchronize?n=many")
        self.assertEqual(answer.status, 400)
        self.assertIn("n", answer.text)

    def test_parameter_that_is_missing_is_a_bad_request(self):
        self.assertEqual(fetch(self.server, "/synchronize").status, 400)

    def test_text_of_the_client_is_escaped_in_error_pages(self):
        answer = curl(self.server, "/missing/<script>alert(1)<.script>", "-H", "Accept: text/html")
        self.assertEqual(answer.status, 404)
        self.assertNotIn("<script>", answer.text)

    def test_error_page_has_the_form_that_the_client_accepts(self):
        html = fetch(self.server, "/missing/x", headers={"Accept": "text/html"})
        self.assertEqual(html.headers["content-type"], "text/html; charset=UTF-8")
        json = fetch(self.server, "/missing/x", headers={"Accept": "application/json"})
        self.assertEqual(set(json.json()), {"message", "code", "title"})
        plain = fetch(self.server, "/missing/x", headers={"Accept": "text/plain"})
        self.assertIn("There is no x here.", plain.text)

    def test_forbidden_is_an_answer_and_no_error(self):
        self.assertEqual(fetch(self.server, "/forbidden").status, 403)
        self.assertNotIn("Not for you", self.new_log())

    def test_refusal_of_a_head_request_has_no_body(self):
        for data in (b"HEAD / HTTP/1.1\r\n\r\n", b"HEAD /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                     b"HEAD / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 40000 + b"\r\n\r\n"):
            with self.subTest(data=data[:40]):
                head, _, body = exchange(self.server, data).partition(b"\r\n\r\n")
                self.assertRegex(head, rb"^HTTP/1.1 4\d\d ")
                self.assertEqual(body, b"")

    def test_later_version_is_answered_as_the_last_that_is_known(self):
        for version in (b"1.2", b"1.9"):
            for path, status in ((b"/title", 200), (b"/missing/x", 404)):
                with self.subTest(version=version, path=path):
                    answer = exchange(self.server, b"GET %s HTTP/%s\r\nHost: x\r\nConnection: close\r\n\r\n"
                                      % (path, version))
                    self.assertTrue(answer.startswith(b"HTTP/1.1 %d " % status), answer[:100])
        answer = exchange(self.server, b"GET /title HTTP/1.0\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.0 200 "), answer[:100])

    def test_garbage_ends_the_connection_only(self):
        for data in (b"\r\n\r\n", b"\0\1\2\3\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
            with self.subTest(data=data):
                exchange(self.server, data)
                self.assertEqual(fetch(self.server, "/title").status, 200)

    def test_head_that_is_too_long_ends_the_connection_only(self):
        try:
            exchange(self.server, b"GET / HTTP/1.1\r\nX: " + b"y" * 100_000 + b"\r\n\r\n")
        except ConnectionError:
            pass
        self.assertEqual(fetch(self.server, "/title").status, 200)

    def test_header_injection_by_a_redirection_is_impossible(self):
        answer = curl(self.server, "/missing/a%0d%0aSet-Cookie:%20x=y")
        self.assertNotIn("set-cookie", answer.headers)


class ErrorsInViews(ServerTest):
    ini = "features.ini"

    def check(self, path, secret):
        answer = fetch(self.server, path)
        self.assertEqual(answer.status, 500)
        self.assertNotIn("secret", answer.text)
        self.assertNotIn("runtime_error", answer.text)
        log = self.wait_for_new_log(secret)
        self.assertEqual(log.count(secret), 1, log)
        line = next(line for line in log.splitlines() if secret in line)
        self.assertIn("std::runtime_error", line)
        self.assertEqual(fetch(self.server, "/title").status, 200)

    def test_exception_in_a_coroutine_is_logged_once_and_not_shown(self):
        self.check("/error/coroutine", "the secret of the coroutine")

    def test_exception_in_a_thread_is_logged_once_and_not_shown(self):
        self.check("/error/plain", "the secret of the thread")

    def test_exception_on_a_fiber_is_logged_once_and_not_shown(self):
        self.check("/error/fiber", "the secret of the thread")

    def test_line_ends_in_a_path_make_no_lines_in_the_log(self):
        curl(self.server, "/error/plain?x=%0a[aiopyr]%20forged")
        self.wait_for_new_log("the secret of the thread")
        self.assertNotIn("\n[aiopyr] forged", self.new_log())

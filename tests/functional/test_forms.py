"""Forms and queries: a view that reads them gets them, or a 400; others pay nothing for them."""

import os
import tempfile
import unittest

from support.http import curl, fetch
from support.server import ServerTest

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
# Views that look at no parameter: a coroutine, a plain one in a thread, one on the fiber.
WITHOUT_INTEREST = ("/where/coroutine", "/where/plain", "/where/fiber")


class Forms(ServerTest):
    ini = "features.ini"

    def send(self, path, body, kind=URLENCODED, method="POST"):
        return fetch(self.server, path, method, body, {"Content-Type": kind} if kind else {})

    def test_view_that_asks_for_no_form_gets_any(self):
        bodies = [
            (b"\xff", URLENCODED), (b"a=%FF", URLENCODED), (b'[{"a": "' + b"&b" * 2000 + b'"}]', URLENCODED),
            (b"\xff", None), (b"x", MULTIPART), (b"--B\r\nbroken", MULTIPART + "; boundary=B"),
            (b"--B", MULTIPART + '; boundary="\xff"'),
        ]
        for path in WITHOUT_INTEREST:
            for body, kind in bodies:
                with self.subTest(path=path, body=body[:20], kind=kind):
                    self.assertEqual(self.send(path, body, kind).status, 200)

    def test_view_that_asks_for_a_malformed_form_gets_the_400(self):
        for body, kind in ((b"\xff", URLENCODED), (b"name=%FF%FE", URLENCODED), (b"a&" * 1001, URLENCODED),
                           (b"--B\r\nbroken", MULTIPART + "; boundary=B")):
            for path in ("/upload", "/parameters"):
                with self.subTest(path=path, body=body[:20]):
                    self.assertEqual(self.send(path, body, kind).status, 400)

    def test_query_is_read_where_it_is_asked_for(self):
        for path in WITHOUT_INTEREST:
            with self.subTest(path=path):
                self.assertEqual(fetch(self.server, path + "?q=caf%E9").status, 200)
        self.assertEqual(fetch(self.server, "/parameters?q=caf%E9").status, 400)
        # The form is not affected.
        self.assertEqual(self.send("/upload?q=caf%E9", b"a=1").json()["fields"], {"a": "1"})

    def test_json_that_was_sent_as_a_form_is_json(self):
        body = b'{"a": "' + b"&" * 1000 + b'"}'
        self.assertEqual(self.send("/json", body).json(), {"a": "&" * 1000})

    def test_query_beats_the_form(self):
        answer = self.send("/parameters?a=query&b=query", b"a=form&c=form")
        self.assertEqual(answer.json(), {"a": "query", "b": "query", "c": "form"})

    def test_what_a_get_or_a_head_brings_is_no_form(self):
        self.assertEqual(self.send("/parameters?b=query", b"a=form&b=form", method="GET").json(), {"b": "query"})
        length = {method: self.send("/parameters?b=query", b"a=form", method=method).headers["content-length"]
                  for method in ("GET", "HEAD")}
        self.assertEqual(length["HEAD"], length["GET"])

    def test_other_verbs_bring_forms_where_they_say_so(self):
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
            with self.subTest(method):
                self.assertEqual(self.send("/parameters", b"a=form", method=method).json(), {"a": "form"})
                self.assertEqual(self.send("/parameters", b"a=form", None, method).json(), {})

    def test_multipart_without_a_body_or_a_boundary_is_an_empty_form(self):
        for kind in (MULTIPART, MULTIPART + "; boundary=", MULTIPART + "; boundary=B"):
            for body in (b"", b"x"):
                with self.subTest(kind=kind, body=body):
                    answer = self.send("/upload", body, kind)
                    self.assertEqual((answer.status, answer.json()), (200, {"fields": {}, "files": []}))

    def test_curl_may_encode_what_it_sends(self):
        data = os.urandom(5000)
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            for encoder in ("base64", "quoted-printable", "8bit", "binary"):
                if encoder == "quoted-printable":
                    file.seek(0)
                    file.truncate()
                    file.write("a=b \u00fc\r\n".encode() * 200)
                    file.flush()
                size = os.path.getsize(file.name)
                with self.subTest(encoder):
                    answer = curl(self.server, "/upload", "-F", "text=\u00fc=;encoder=" + encoder, "-F",
                                  f"file=@{file.name};filename=x;type=text/x;encoder={encoder}")
                    self.assertEqual(answer.json(), {
                        "fields": {"text": "\u00fc="},
                        "files": [{"name": "file", "filename": "x", "content_type": "text/x", "size": size}],
                    })

    def test_base64_that_is_none_is_refused(self):
        body = (b"--B\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                b"not base64\r\n--B--")
        self.assertEqual(self.send("/upload", body, MULTIPART + "; boundary=B").status, 400)

    def test_whole_numbers_are_kept_exactly_or_refused(self):
        for number in (2**64 - 1, -(2**63), 2**53 + 1):
            self.assertEqual(self.send("/json", str(number).encode(), "application/json").json(), number)
        for number in (2**64, -(2**63) - 1):
            answer = self.send("/json", b"[" + str(number).encode() + b"]", "application/json")
            self.assertEqual(answer.status, 400)
            self.assertIn(str(number), answer.text)
            self.assertIn("64 bits", answer.text)


if __name__ == "__main__":
    unittest.main()

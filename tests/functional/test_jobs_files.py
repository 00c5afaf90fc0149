"""The files of the job board's ads."""

import http.client
import urllib.parse

from support.jobs import JobsTest
from support.patience import patient

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


class Attachments(JobsTest):
    def setUp(self):
        super().setUp()
        self.owner = self.visitor("ada")
        self.path = self.owner.post_ad()

    def upload(self, filename="offer.pdf", content_type="application/pdf", content=PDF, visitor=None):
        return (visitor or self.owner).submit(self.path + "/attachment/edit", 1,
                                              {"file": (filename, content_type, content)})

    def test_a_file_comes_back_as_it_was(self):
        self.assertEqual(self.visitor().get(self.path + "/attachment").status, 404)
        self.assertRedirected(self.upload(), self.path)
        page = self.visitor().get(self.path).text
        self.assertIn("Download offer.pdf", page)
        file = self.visitor().get(self.path + "/attachment")
        self.assertEqual((file.status, file.body), (200, PDF))
        self.assertEqual(file.headers["content-type"], "application/pdf")
        self.assertEqual(file.headers["x-content-type-options"], "nosniff")
        self.assertEqual(file.headers["content-disposition"],
                         "attachment; filename=\"offer.pdf\"; filename*=UTF-8''offer.pdf")
        self.assertIn(self.path + "/attachment", self.visitor().get("/api" + self.path).json()["attachment_url"])

    def test_another_file_takes_its_place_and_it_can_be_removed(self):
        self.upload()
        self.assertRedirected(self.upload("plan.txt", "text/plain; charset=x", b"plan"), self.path)
        file = self.visitor().get(self.path + "/attachment")
        self.assertEqual((file.body, file.headers["content-type"]), (b"plan", "text/plain; charset=UTF-8"))
        self.assertRedirected(self.owner.submit(self.path + "/attachment/edit", 2), self.path)
        self.assertEqual(self.visitor().get(self.path + "/attachment").status, 404)
        self.assertEqual(self.sql(f"select count(*) from attachments where ad_id = {self.path[6:]}"), "0")

    def test_names_are_not_trusted(self):
        for name, kept in (('say "hi"; x=.pdf', 'say "hi"; x=.pdf'), ("a\r\nX-Evil: 1.pdf", "aX-Evil: 1.pdf"),
                           ("r\u00e9sum\u00e9 \u20ac\U0001F600.pdf",) * 2, ("../../etc/passwd", "passwd"),
                           ("C:\\temp\\cv.pdf", "cv.pdf"), ("..", "file"), ("50%.pdf", "50%.pdf"),
                           ("\u20ac" * 60, "\u20ac" * 33), ("<b>.pdf", "<b>.pdf"), ("a\x01\x7fb", "ab")):
            with self.subTest(name=name):
                self.assertRedirected(self.upload(name), self.path)
                file = self.visitor().get(self.path + "/attachment")
                disposition = file.headers["content-disposition"]
                self.assertTrue(disposition.isascii())
                self.assertEqual(urllib.parse.unquote(disposition.partition("UTF-8''")[2]), kept)
                self.assertNotRegex(disposition.partition("; filename*")[0][22:-1], r'["\\%]')
                self.assertNotIn("x-evil", file.headers)
                self.assertNotIn("<b>", self.visitor().get(self.path).text)

    def test_types_that_browsers_would_run_become_bytes(self):
        for given in ("text/html", "image/svg+xml", "application/javascript", "x", "a/b\x01", ""):
            self.assertRedirected(self.upload(content_type=given, content=b"<script>"), self.path)
            file = self.visitor().get(self.path + "/attachment")
            self.assertEqual(file.headers["content-type"], "application/octet-stream", given)

    def test_nothing_is_not_a_file(self):
        for files in ({"file": ("", "application/octet-stream", b"")}, {"file": ("empty", "text/plain", b"")}, None):
            page = self.owner.submit(self.path + "/attachment/edit", 1, files)
            self.assertEqual(page.status, 400)
            self.assertIn("Please choose a file.", page.text)

    def test_too_large_a_file_is_refused_with_a_sentence(self):
        limit = 2 * 1024 * 1024
        self.assertRedirected(self.upload(content=b"x" * limit), self.path)
        page = self.upload(content=b"x" * (limit + 1))
        self.assertEqual(page.status, 400)
        self.assertIn("larger than 2 MiB", page.text)
        self.assertEqual(len(self.visitor().get(self.path + "/attachment").body), limit)

    def test_a_body_beyond_the_servers_limit_is_413_with_a_sentence(self):
        connection = http.client.HTTPConnection(*self.server.address, timeout=patient(30))
        self.addCleanup(connection.close)
        connection.putrequest("POST", self.path + "/attachment/edit")
        connection.putheader("Content-Length", str(5 * 1024 * 1024))
        connection.putheader("Content-Type", "multipart/form-data; boundary=x")
        connection.putheader("Cookie", f"session={self.owner.cookies['session']}")
        connection.endheaders()
        answer = connection.getresponse()
        self.assertEqual(answer.status, 413)
        self.assertIn(b"A file may have 2 MiB.", answer.read())

    def test_only_the_owner_uploads(self):
        other = self.visitor("grace")
        fields = {"csrf_token": other.token()}
        answer = other.request(self.path + "/attachment/edit", "POST", fields, files={"file": ("a", "b/c", b"d")})
        self.assertEqual(answer.status, 403)

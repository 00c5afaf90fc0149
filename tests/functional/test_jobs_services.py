"""What the job board has beside its pages: files, mails by the spooler, exchange rates of somebody else, and a
database that goes away."""

import email
import email.policy
import http.client
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

from support.endings import children_of
from support.http import fetch, fetch_all
from support.jobs import JobsTest, Visitor
from support.paths import ROOT
from support.patience import patient
from support.ports import reserve_port
from support.postgres_server import programs_folder
from support.server import Listener, wait_until
from support.visitor import Forms

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


class Applications(JobsTest):
    ad = "/jobs/1"

    def apply(self, visitor=None, **fields):
        return (visitor or self.visitor()).submit(self.ad + "/apply", **{
            "name": "Emmy Noether", "email": "emmy@example.com", "message": "I would like this job. Really.",
            **fields})

    def wait_for_mail(self, before):
        """Returns the message that is new, parsed."""
        new = wait_until(lambda: sorted(self.mails().keys() - before), 30, self.server.log)
        self.assertEqual(len(new), 1)
        return email.message_from_bytes(self.mails()[new[0]], policy=email.policy.default)

    def test_an_application_becomes_one_mail_to_the_owner(self):
        before = self.mails().keys()
        visitor = self.visitor()
        self.assertRedirected(self.apply(visitor, message="Zwei Zeilen, immerhin:\n\u00fc \u20ac \U0001F600"), self.ad)
        title, company, owner = self.sql("select title, company, users.email from ads join users on users.id = "
                                         "owner_id where ads.id = 1").split("|")
        self.assertIn(f"on its way to {company}.", visitor.get(self.ad).text)
        mail = self.wait_for_mail(before)
        self.assertEqual((mail["To"], mail["From"]), (owner, "jobs@example.com"))
        self.assertEqual(mail["Subject"], f"Application: {title}")
        self.assertEqual(mail["Reply-To"], "Emmy Noether <emmy@example.com>")
        self.assertIn("Zwei Zeilen, immerhin:\n\u00fc \u20ac \U0001F600", mail.get_content())
        self.assertIsNotNone(mail["Date"].datetime)
        self.assertTrue(mail["Message-ID"])
        wait_until(lambda: not self.jobs_left(), 30, "the job is not done")
        self.assertEqual(len(self.mails().keys() - before), 1)
        self.assertEqual(self.sql("select count(*) from applications where sent_at is null"), "0")

    def jobs_left(self):
        return [name for name in os.listdir(os.path.join(self.folder, "spool")) if name.startswith("uwsgi_spool")]

    def test_nothing_that_is_typed_becomes_a_header(self):
        evil = "Eve\r\nBcc: all@example.com"
        for fields in ({"name": evil}, {"email": "a@b\nBcc: c@d"}, {"email": "a@b, c@d"}, {"name": "a\0b"}):
            self.assertEqual(self.apply(**fields).status, 400)
        # Past the form, from the tables: what is there is not trusted either.
        path = self.visitor("ada").post_ad(title="=?UTF-8?Q?x?= \"quotes\" <a@b>, \u20ac " + "long " * 12)
        self.sql(f"update ads set title = title || E'\\r\\nBcc: all@example.com' where id = {path[6:]}")
        before = self.mails().keys()
        answer = self.visitor().submit(path + "/apply", name="Bcc: x <y@z>,", email="emmy@example.com",
                                       message="long enough, or is it not?\n.\nBcc: all@example.com")
        self.assertEqual(answer.status, 303)
        mail = self.wait_for_mail(before)
        self.assertEqual(set(mail.keys()), {"From", "To", "Reply-To", "Subject", "Date", "Message-ID",
                                            "Auto-Submitted", "MIME-Version", "Content-Type",
                                            "Content-Transfer-Encoding"})
        self.assertIn("=?UTF-8?Q?x?=", str(mail["Subject"]))
        raw = self.mails()[sorted(self.mails().keys() - before)[0]]
        self.assertTrue(raw.isascii())
        self.assertTrue(all(len(line) <= 76 for line in raw.split(b"\n")), raw)
        self.assertNotIn(b"\nBcc", raw)

    def test_errors_are_next_to_their_fields(self):
        page = self.apply(message="short", name="")
        self.assertEqual(page.status, 400)
        self.assertRegex(page.text, r'id="message-error">[^<]*at least 20')
        self.assertIn("emmy@example.com", page.text)

    def test_users_need_not_type_who_they_are(self):
        fields = Forms(self.visitor("grace").get(self.ad + "/apply").text).forms[-1][1]
        self.assertEqual((fields["name"], fields["email"]), ("grace", "grace@example.com"))

    def test_a_mail_that_fails_is_tried_again_and_comes_once(self):
        before = self.mails().keys()
        new = os.path.join(self.folder, "mail", "new")
        os.makedirs(new, exist_ok=True)
        os.rename(new, new + ".away")
        with open(new, "w"):
            pass  # in its place, so that no folder can be made
        try:
            self.assertRedirected(self.apply(), self.ad)
            self.server.wait_for_log("send_application", 30)
            self.assertEqual(self.sql("select count(*) from applications where sent_at is null"), "1")
        finally:
            os.remove(new)
            os.rename(new + ".away", new)
        self.wait_for_mail(before)
        wait_until(lambda: not self.jobs_left(), 30, "the job is not done")
        self.assertEqual(len(self.mails().keys() - before), 1)

    def test_a_job_of_an_ad_that_is_gone_is_dropped(self):
        owner = self.visitor("ada")
        path = owner.post_ad()
        before = self.mails().keys()
        spooler = next(pid for pid in children_of(self.server.pid) if "spooler" in name_of(pid))
        os.kill(spooler, signal.SIGSTOP)
        try:
            self.assertEqual(self.visitor().submit(path + "/apply", name="E", email="e@x", message="x" * 30).status,
                             303)
            owner.submit(path + "/delete")
        finally:
            os.kill(spooler, signal.SIGCONT)
        wait_until(lambda: not self.jobs_left(), 30, "the job is not done")
        self.assertEqual(self.mails().keys(), before)


def name_of(pid):
    with open(f"/proc/{pid}/cmdline") as file:
        return file.read()


class Sendmail(JobsTest):
    @classmethod
    def start(cls):
        # Fails the first time.
        cls.program = os.path.join(cls.folder, "sendmail")
        with open(cls.program, "w") as file:
            file.write(f"#!/bin/sh\ncat > {cls.folder}/got.$$\n"
                       f"[ -e {cls.folder}/failed ] || {{ touch {cls.folder}/failed; exit 75; }}\n"
                       f"mv {cls.folder}/got.$$ {cls.folder}/sent.$$; echo \"$@\" > {cls.folder}/arguments\n")
        os.chmod(cls.program, os.stat(cls.program).st_mode | stat.S_IXUSR)
        cls.more_options = ("--aiopyr-set", "mail.folder=", "--aiopyr-set", f"mail.sendmail={cls.program} -t -i")
        super().start()

    def sent(self):
        return [name for name in os.listdir(self.folder) if name.startswith("sent.")]

    def test_a_program_gets_the_mail_and_is_asked_again_where_it_fails(self):
        visitor = self.visitor()
        visitor.submit("/jobs/1/apply", name="Emmy", email="emmy@example.com", message="x" * 30)
        wait_until(lambda: os.path.exists(os.path.join(self.folder, "arguments")), 30, self.server.log)
        self.assertIn("mail.sendmail has refused a mail", self.server.log())
        with open(os.path.join(self.folder, "arguments")) as arguments:
            self.assertEqual(arguments.read(), "-t -i\n")
        with open(os.path.join(self.folder, self.sent()[0])) as sent:
            mail = email.message_from_file(sent, policy=email.policy.default)
        self.assertEqual(mail["Reply-To"], "Emmy <emmy@example.com>")
        wait_until(lambda: self.sql("select count(*) from applications where sent_at is null") == "0", 30,
                   "it is not noted")
        self.assertEqual(len(self.sent()), 1)


class Rates(JobsTest):
    """With one process, since each has rates of its own."""

    more_options = ("--aiopyr-set", "rates.keep=1", "--processes", "1")

    def setUp(self):
        super().setUp()
        self.rates.answer = self.rates.fine

    def page(self, currency="USD"):
        page = fetch(self.server, f"/?currency={currency}")
        self.assertEqual(page.status, 200)
        return page.text

    def wait_for_rates(self, factor="170,000"):
        wait_until(lambda: f"about {factor} USD" in self.page(), 30, "there are no rates")

    def test_salaries_are_shown_in_another_currency_too(self):
        self.wait_for_rates()
        self.assertIn("85,000 EUR a year (about 42,500 GBP)", self.page("GBP"))
        job = re.search(r'href="(/jobs/\d+\?currency=GBP)"', self.page("GBP")).group(1)
        self.assertIn("GBP)", fetch(self.server, job).text)
        # The service does not know this one; nobody knows the others.
        self.assertIn("Exchange rates are not available", self.page("JPY"))
        for unknown in ("usd", "XXX", "", "USD%00", "%3Cb%3E"):
            self.assertNotIn("about", self.page(unknown))
            self.assertNotIn("not available", self.page(unknown))

    def test_nothing_is_asked_for_the_euro(self):
        asked = self.rates.asked
        self.page("EUR")
        self.assertEqual(self.rates.asked, asked)

    def test_rates_from_before_do_where_the_service_fails(self):
        self.wait_for_rates()
        self.rates.answer = lambda: (500, "broken")
        asked = self.rates.asked
        wait_until(lambda: self.page() and self.rates.asked > asked, 30, "it is not asked again")
        self.assertIn("about 170,000 USD", self.page())
        self.rates.answer = lambda: (200, '{"base": "EUR", "rates": {"USD": 3}}')
        self.wait_for_rates("255,000")


class FailingRates(JobsTest):
    """A server for each way to fail, since one keeps what it knows."""

    more_options = ("--aiopyr-set", "rates.keep=1")

    def check(self, answer):
        self.rates.answer = answer
        for _ in range(6):
            page = fetch(self.server, "/?currency=USD", timeout=30)
            self.assertEqual(page.status, 200)
            self.assertIn("Exchange rates are not available", page.text)
            self.assertIn("85,000 EUR a year<", page.text)
        self.assertIn("no exchange rates", self.server.log())

    def test_pages_are_shown_without_them(self):
        slow = threading.Event()
        self.addCleanup(slow.set)
        deep = "[" * 30_000
        for answer in (lambda: (500, "{}"), lambda: (200, ""), lambda: (200, "<html>"), lambda: (200, "[]"),
                       lambda: (200, "{}"), lambda: (200, '{"base":"USD","rates":{"USD":1}}'),
                       lambda: (200, '{"base":"EUR","rates":[]}'), lambda: (200, '{"base":"EUR","rates":{"USD":"x"}}'),
                       lambda: (200, '{"base":"EUR","rates":{"USD":0}}'), lambda: (302, ""),
                       lambda: (200, '{"base":"EUR","rates":{"USD":1e999}}'), lambda: (200, deep),
                       lambda: (200, " " * 100_000), lambda: slow.wait(patient(10)) and (500, "")):
            self.check(answer)
            time.sleep(0.3)
        # The server is gone.
        self.rates.close()
        self.check(None)


class RatesOfMany(JobsTest):
    def test_fifty_at_once_ask_once_for_each_worker(self):
        def slow():
            time.sleep(1)
            return self.rates.fine()

        self.rates.answer = slow
        pages = fetch_all(self.server, ["/?currency=USD"] * 50, timeout=60)
        self.assertEqual([page.status for page in pages], [200] * 50)
        self.assertTrue(all("about 170,000 USD" in page.text for page in pages))
        self.assertLessEqual(self.rates.asked, 2)

class RatesAndVisitorsWhoLeave(JobsTest):
    more_options = ("--processes", "1", "--aiopyr-client-gone", "eof")

    def test_whoever_was_first_may_leave(self):
        answer = threading.Event()
        self.addCleanup(answer.set)
        self.rates.answer = lambda: (answer.wait(patient(30)), self.rates.fine())[1]
        with socket.create_connection(self.server.address, patient(10)) as first:
            first.sendall(b"GET /?currency=USD HTTP/1.1\r\nHost: a\r\n\r\n")
            wait_until(lambda: self.rates.asked == 1, 10, "it is not asked")
        with ThreadPoolExecutor(4) as pool:
            others = [pool.submit(fetch, self.server, "/?currency=USD") for _ in range(4)]
            # Pages that need no rates do not wait.
            self.assertEqual(fetch(self.server, "/").status, 200)
            self.assertFalse(any(other.done() for other in others))
            answer.set()
            self.assertTrue(all("about 170,000 USD" in other.result().text for other in others))
        self.assertEqual(self.rates.asked, 1)


class DatabaseAway(JobsTest):
    def test_pages_say_so_and_come_back(self):
        visitor = self.visitor("ada")
        path = visitor.post_ad()
        self.postgres.stop()
        try:
            for shown in ("/", path, path + "/edit", "/jobs/new", "/api/jobs"):
                page = visitor.get(shown)
                self.assertEqual(page.status, 503, shown)
                self.assertEqual(page.headers["retry-after"], "5")
                self.assertIn("The database does not answer.", page.text)
            # These need no database but to greet the user.
            self.assertEqual(visitor.get("/login").status, 200)
            self.assertEqual(visitor.get("/nothing").status, 404)
            self.assertEqual(self.visitor().get("/signup").status, 200)
        finally:
            self.postgres.start()
        wait_until(lambda: all(visitor.get(path).status == 200 for _ in range(8)), 60, "it does not come back")
        # Who was logged in still is.
        self.assertRedirected(visitor.submit(path + "/edit", title="After the night"), path)

    def test_a_restart_between_requests_is_not_noticed_for_long(self):
        visitor = self.visitor("ada")
        for mode in ("fast", "immediate"):
            self.postgres.restart(mode)
            wait_until(lambda: all(visitor.get("/").status == 200 for _ in range(8)), 60, "it does not come back")
        statuses = {fetch(self.server, "/").status for _ in range(8)}
        self.assertEqual(statuses, {200})
        self.assertNotRegex(self.server.log(), r"(?i)terminated|aborted")


class Demo(unittest.TestCase):
    """make jobs-demo, without the make."""

    def setUp(self):
        if not programs_folder():
            self.skipTest("PostgreSQL is not installed")
        folder = tempfile.TemporaryDirectory(prefix="jobs-demo-", dir="/tmp")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.chmod(self.folder, 0o755)

    def start(self, **environment):
        server = Listener()
        server.port = reserve_port()
        process = subprocess.Popen([sys.executable, "-u", os.path.join(ROOT, "tools", "jobs_demo.py")],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, start_new_session=True,
                                   env={**os.environ, "AIOPYR_JOBS": self.folder, "AIOPYR_PORT": str(server.port),
                                        **environment})
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        return server, process

    def read_until(self, process, text):
        read = []
        for line in process.stdout:
            read.append(line)
            if text in line:
                return read
        self.fail("".join(read))

    def descendants(self, pid):
        found = children_of(pid)
        return found + [below for child in found for below in self.descendants(child)]

    def end(self, process, number):
        processes = self.descendants(process.pid)
        self.assertGreater(len(processes), 4)
        process.send_signal(number)
        self.assertIn("Ended.", process.stdout.read())
        self.assertEqual(process.wait(patient(30)), 0)
        self.assertEqual([pid for pid in processes if os.path.exists(f"/proc/{pid}")], [])

    def test_it_starts_ends_and_finds_its_data_again(self):
        server, process = self.start()
        self.read_until(process, "Ctrl-C")
        visitor = Visitor(server).login("ada")
        self.assertIn("about 91,800 USD", visitor.get("/?currency=USD").text)
        path = visitor.post_ad(title="To be found again")
        self.end(process, signal.SIGINT)
        self.assertFalse(server.accepts())
        server, process = self.start()
        self.assertIn("nothing to apply\n", self.read_until(process, "Ctrl-C"))
        page = Visitor(server).get("/").text
        self.assertIn("6 jobs", page)
        self.assertIn(path, Forms(page).links)
        self.end(process, signal.SIGTERM)

    def test_what_is_wrong_is_said_and_nothing_is_left(self):
        server, process = self.start(UWSGI="/bin/false")
        output = process.stdout.read()
        self.assertEqual(process.wait(patient(30)), 1)
        self.assertIn("uwsgi does not start", output)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "data", "postmaster.pid")))
        server, process = self.start(AIOPYR_JOBS="/tmp/" + "x" * 100)
        self.assertIn("too long a path", process.stdout.read())

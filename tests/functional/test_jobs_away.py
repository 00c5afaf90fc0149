"""What the job board needs of others, and does without: exchange rates that are slow, wrong or away, and a
database that is restarted."""

import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from support.http import fetch, fetch_all
from support.jobs import JobsTest
from support.patience import patient
from support.server import wait_until


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

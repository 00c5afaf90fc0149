"""The job board, its visitors, and an exchange-rate service that fails on demand."""

import http.server
import json
import os
import subprocess
import tempfile
import threading

from support import visitor
from support.paths import BUILD, ROOT
from support.postgres_server import PostgresTest
from support.server import Server

EXAMPLE = os.path.join(ROOT, "examples", "jobs")
DESCRIPTION = "A description that is long enough, and says nothing."


class Visitor(visitor.Visitor):
    def login(self, name):
        """Logs in one of the users of demo.sql."""
        answer = self.submit("/login", name=name, password=f"{'adas' if name == 'ada' else name}-password")
        if answer.status != 303:
            raise AssertionError(f"no login: {answer.status} {answer.text}")
        return self

    def post_ad(self, **fields):
        """Posts an ad; returns its path."""
        answer = self.submit("/jobs/new", **{"title": "Tester", "company": "Check & Co", "place": "Turin",
                                             "description": DESCRIPTION, **fields})
        if answer.status != 303:
            raise AssertionError(f"not posted: {answer.status} {answer.text}")
        return answer.headers["location"].removeprefix(self.server.url(""))


class RatesService(http.server.ThreadingHTTPServer):
    """Answers with rates; `answer` is called to do something else. `asked` counts requests."""

    daemon_threads = True
    RATES = {"base": "EUR", "rates": {"USD": 2.0, "GBP": 0.5}}

    def __init__(self):
        super().__init__(("127.0.0.1", 0), RatesHandler)
        self.asked = 0
        self.answer = self.fine
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/latest"

    @classmethod
    def fine(cls):
        return 200, json.dumps(cls.RATES)

    def close(self):
        self.shutdown()
        self.server_close()


class RatesHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked += 1
        status, text = self.server.answer()
        body = text.encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the client waits no longer

    def log_message(self, *_):
        pass


class JobsTest(PostgresTest):
    """Base of tests: each class has a database of its own, with the users and ads of demo.sql, and two
    processes. `folder` has the mails."""

    more_options = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="jobs-", dir="/tmp")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.rates = RatesService()
        cls.addClassCleanup(cls.rates.close)
        cls.database = cls.postgres.create_database("jobs")
        cls.migrate()
        cls.start()
        cls.addClassCleanup(lambda: cls.server.stop())

    @classmethod
    def migrate(cls):
        subprocess.run([os.path.join(BUILD, "aiopyr-migrate"), cls.database, os.path.join(EXAMPLE, "migrations")],
                       check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(EXAMPLE, "demo.sql")) as demo:
            cls.postgres.execute(demo.read(), "jobs")

    @classmethod
    def start(cls):
        os.makedirs(os.path.join(cls.folder, "spool"), exist_ok=True)
        cls.server = Server("jobs.ini", ("--aiopyr-set", f"postgres.url={cls.database}&pool_size=4",
                                         "--spooler-frequency", "1", *cls.more_options),
                            {"AIOPYR_JOBS": cls.folder, "AIOPYR_RATES": cls.rates.address})

    def visitor(self, name=None):
        visitor = Visitor(self.server)
        return visitor.login(name) if name else visitor

    def sql(self, text):
        return self.postgres.execute(text, "jobs")

    def assertRedirected(self, answer, path):
        self.assertEqual(answer.status, 303, answer.text)
        self.assertEqual(answer.headers["location"], self.server.url(path))

    def mails(self):
        """Returns the messages that have arrived, by the names of their files."""
        new = os.path.join(self.folder, "mail", "new")
        if not os.path.isdir(new):
            return {}
        found = {}
        for name in sorted(os.listdir(new)):
            with open(os.path.join(new, name), "rb") as file:
                found[name] = file.read()
        return found

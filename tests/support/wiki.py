"""A visitor of the wiki: keeps cookies, follows no redirects, fills in forms as a browser would."""

import http.client
import http.cookies
import os
import tempfile
import urllib.parse
from html.parser import HTMLParser

from support.http import Answer
from support.patience import patient
from support.server import ServerTest


class Forms(HTMLParser):
    """Parses a page: its forms, with action and fields, and its links."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.links, self._area = [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append((attributes["action"], {}))
        elif tag == "input":
            self.forms[-1][1][attributes["name"]] = attributes.get("value") or ""
        elif tag == "textarea":
            self._area = attributes["name"]
            self.forms[-1][1][self._area] = ""
        elif tag == "a":
            self.links.append(attributes["href"])

    def handle_data(self, data):
        if self._area:
            self.forms[-1][1][self._area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            fields = self.forms[-1][1]
            # Drops the line end that begins a textarea, as browsers do.
            fields[self._area] = fields[self._area].removeprefix("\n")
            self._area = None


class Visitor:
    def __init__(self, server):
        self.server = server
        self.cookies = {}
        self.attributes = {}  # of the cookies, as they were set last

    def request(self, path, method="GET", fields=None, headers=None):
        connection = http.client.HTTPConnection(*self.server.address, timeout=patient(30))
        try:
            sent = dict(headers or {})
            if self.cookies:
                sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            body = None
            if fields is not None:
                body = urllib.parse.urlencode(fields)
                sent["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            self._keep_cookies(response.headers.get_all("Set-Cookie") or [])
            names = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, response.read(), names)
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.request(path, headers=headers)

    def post(self, path, fields, token=True):
        """Sends a form with its token, unless that is omitted or another is given."""
        if token is True:
            if "csrf_token" not in self.cookies:
                self.get("/login")
            token = self.cookies["csrf_token"]
        fields = dict(fields) if token is None else {**fields, "csrf_token": token}
        return self.request(path, "POST", fields)

    def submit(self, path, index=-1, **changes):
        """Opens a page, changes fields of its last form, and sends it."""
        page = self.get(path)
        if page.status != 200:
            raise AssertionError(f"{path}: {page.status} {page.text}")
        action, fields = Forms(page.text).forms[index]
        return self.request(action, "POST", {**fields, **changes})

    def login(self, name):
        answer = self.submit("/login", login=name, password=name)
        if answer.status != 303:
            raise AssertionError(f"no login: {answer.status} {answer.text}")
        return self

    def _keep_cookies(self, headers):
        for header in headers:
            for name, morsel in http.cookies.SimpleCookie(header).items():
                self.attributes[name] = morsel
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


class WikiTest(ServerTest):
    """Base of tests; each class has a database of its own, in `folder`."""

    ini = None
    more_options = ()

    @classmethod
    def setUpClass(cls):
        if cls is WikiTest:
            super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-wiki-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.database = os.path.join(folder.name, "wiki.sqlite")
        cls.ini = "wiki.ini"
        cls.options = ("--aiopyr-set", f"sqlite.path={cls.database}", *cls.more_options)
        super().setUpClass()

    def visitor(self, name=None):
        visitor = Visitor(self.server)
        return visitor.login(name) if name else visitor

    def assertRedirected(self, answer, path):
        self.assertEqual(answer.status, 303, answer.text)
        self.assertEqual(answer.headers["location"], self.server.url(path))

"""A visitor of a site: keeps cookies, follows no redirects, fills in forms as a browser would."""

import http.client
import http.cookies
import urllib.parse
from html.parser import HTMLParser

from support.http import Answer
from support.patience import patient


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

    def request(self, path, method="GET", fields=None, headers=None, files=None):
        """Sends a request; with `fields` a form, which has `files` as well: names with a filename, a type and
        bytes each."""
        connection = http.client.HTTPConnection(*self.server.address, timeout=patient(30))
        try:
            sent = dict(headers or {})
            if self.cookies:
                sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            body = None
            if files is not None:
                body, sent["Content-Type"] = multipart(fields, files)
            elif fields is not None:
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

    def token(self):
        """Returns the token that forms of this visitor have to bring."""
        return Forms(self.get("/login").text).forms[-1][1]["csrf_token"]

    def post(self, path, fields, token=True):
        """Sends a form with its token, unless that is omitted or another is given."""
        if token is True:
            token = self.token()
        fields = dict(fields) if token is None else {**fields, "csrf_token": token}
        return self.request(path, "POST", fields)

    def submit(self, path, index=-1, files=None, **changes):
        """Opens a page, changes fields of its last form, or that of an index, and sends it."""
        page = self.get(path)
        if page.status != 200:
            raise AssertionError(f"{path}: {page.status} {page.text}")
        action, fields = Forms(page.text).forms[index]
        return self.request(action, "POST", {**fields, **changes}, files=files)

    def _keep_cookies(self, headers):
        for header in headers:
            for name, morsel in http.cookies.SimpleCookie(header).items():
                self.attributes[name] = morsel
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def multipart(fields, files):
    """Returns a form with files as a body, and its content type. Names are written as browsers write them."""
    boundary = "----aiopyr-boundary"
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in fields.items() if name not in files]
    for name, (filename, content_type, content) in files.items():
        quoted = filename.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = f'Content-Disposition: form-data; name="{name}"; filename="{quoted}"\r\nContent-Type: {content_type}'
        parts.append(head.encode() + b"\r\n\r\n" + content + b"\r\n")
    separator = f"--{boundary}\r\n".encode()
    body = b"".join(separator + part for part in parts) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"

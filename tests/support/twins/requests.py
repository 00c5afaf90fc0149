"""Makes random requests for the two apps, and normalizes the answers so that they can be compared."""

import http.client
import io
import json
import re
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_to_bytes, urlencode

from support.patience import patient

HOST = "localhost"
URLENCODED = "application/x-www-form-urlencoded"

WORDS = ("a", "b", "1", "form", "x y", "\u00e9", "\u2028", "a/b", "%", "a&b=c", "+", "", "0", "it's",
         "\U0001f600", "[x]")
NAMES = ("a", "b", "c", "\u00e9", "a b", "")
# Without dots: uWSGI resolves them before the app sees the path.
SEGMENTS = ("a", "b", "c d", "\u00e9", "edit", "@@edit", "...", "", "form", "12", "x", "a-b", "a-b-c",
            "a/b", ":b", "a;b")
# WebOb also treats a `;` of the query as a separator, so none is left unquoted.
BROKEN = ("q=caf%E9", "%FF", "a=%E9&a=1")
ACCEPTS = (
    "*/*", "text/html", "application/json", "text/plain", "application/json;v=1", "text/html;level=2",
    "application/json; V=1", "application/json;v=3", "application/json;v=1;q=0.5, text/html;level=2",
    "application/json;v=1, text/html;q=0.9", "text/*;q=0.5, application/json;q=0.4", "text/html;q=0, */*",
    "application/*", "image/png", "application/json;v=1;q=0, */*;q=0.1", "text/html;q=0.1, text/html",
    "nonsense", "application/json;v=\"1\"", "application/json;q=0.5;v=1",
)
COOKIES = ("a=1", "b=\"x\"", "a=\\303\\251", "c=\"\\303\\251\"", "b=\\054", "d=x\\\\y", "a=\"1;2\"", "e=", "=f", "g",
           "a=2", "path=/", "h=a\\073b", "i=\\\"q\\\"", "j=\\400")
METHODS = ("GET", "GET", "GET", "GET", "POST", "POST", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
CODES = (200, 204, 304, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 501, 502, 503, 504)


# The methods of Maker; those with more cases are more frequent.
KINDS = (*("asking",) * 6, *("choice",) * 4, *("route",) * 3, *("tree",) * 2, "strict", "frame", "jsonp", "raising",
         "cookie", "urls", "etag", "csrf", "nowhere")


@dataclass
class Request:
    method: str
    path: str  # quoted
    query: str = ""
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    @property
    def target(self):
        return self.path + ("?" + self.query if self.query else "")


class Maker:
    def __init__(self, random):
        self.random = random

    def request(self):
        name = self.random.choice(KINDS)
        request = getattr(self, name)()
        if self.random.random() < 0.2:
            request.headers.setdefault("Cookie", self.cookies())
        if name != "choice":
            # Without it Pyramid's error pages are plain text, and aiopyr's HTML.
            request.headers.setdefault("Accept", "text/html")
        return request

    def asking(self):
        what = self.random.choice(("get", "post", "files", "params", "cookies", "json", "body", "type", "path",
                                   "nothing"))
        request = Request(self.random.choice(METHODS), "/ask/" + what, self.query())
        # Pyramid reads a malformed form as far as it can; aiopyr refuses it where it is read.
        self.add_body(request, may_break=what not in ("post", "files", "params"))
        if what == "cookies":
            request.headers["Cookie"] = self.cookies()
        return request

    def choice(self):
        request = Request(self.random.choice(METHODS), "/choice", self.query())
        self.add_body(request, may_break=False)
        if self.random.random() < 0.6:
            request.headers["Accept"] = self.random.choice(ACCEPTS)
        if self.random.random() < 0.1:
            request.headers["X-Requested-With"] = "XMLHttpRequest"
        if self.random.random() < 0.1:
            request.headers["X-Kind"] = self.random.choice(("12", "x", "1x"))
        return request

    def strict(self):
        return Request("GET", "/strict", headers={"Accept": self.random.choice(ACCEPTS)})

    def route(self):
        first = self.random.choice(("routes", "routes", "slash", "never", "rest", "colon", "elsewhere"))
        path = "/" + "/".join([first, *(quote(segment) for segment in self.some(SEGMENTS, 3))])
        request = Request(self.random.choice(METHODS), path, self.query())
        if self.random.random() < 0.3:
            request.path = "/routes/form"
        self.add_body(request, may_break=False)
        return request

    def tree(self):
        segments = [quote(segment, safe="@:") for segment in self.some(("a", "b", *SEGMENTS), 5)]
        path = "/tree" + "".join("/" + segment for segment in segments)
        if self.random.random() < 0.05:
            path += "/%E9"
        return Request("GET", path, self.query(may_break=False))

    def frame(self):
        return Request("GET", "/framed/" + self.random.choice(("a", "response", "forbidden")),
                       headers={"Accept": self.random.choice(ACCEPTS[:4])})

    def jsonp(self):
        pairs = [("q", self.word())]
        if self.random.random() < 0.8:
            pairs.append(("callback", self.random.choice(("call", "a.b.c", "$_1", "1ab", "a(b", "<x>", ""))))
        return Request("GET", "/jsonp", urlencode(pairs))

    def raising(self):
        return Request(self.random.choice(("GET", "POST", "HEAD")), f"/raise/{self.random.choice(CODES)}",
                       urlencode({"why": self.random.choice(("", "because", "<b>&'"))}),
                       {"Accept": self.random.choice(ACCEPTS[:4])})

    def cookie(self):
        return Request("GET", "/set_cookie",
                       urlencode({"name": self.random.choice(("a", "b-c")), "value": self.word()}))

    def urls(self):
        # With an empty value the route's URL would be one of another route.
        return Request("GET", "/urls", urlencode([("a", self.word() or "x"), *self.pairs()]))

    def etag(self):
        tags = ('"e"', 'W/"e"', '"x"', '"x", "e"', "")
        return Request(self.random.choice(("GET", "HEAD")), "/etag",
                       headers={"If-None-Match": self.random.choice(tags)})

    def csrf(self):
        request = Request(self.random.choice(METHODS), "/csrf", headers={"Accept": "text/html"})
        token = self.random.choice(("good", "bad"))
        if self.random.random() < 0.5:
            request.headers["X-CSRF-Token"] = token
        elif self.random.random() < 0.8:
            request.headers["Content-Type"] = URLENCODED
            request.body = f"csrf_token={token}".encode()
        else:
            request.query = f"csrf_token={token}"
        request.headers["Cookie"] = "csrf_token=good"
        return request

    def nowhere(self):
        path = "/" + "/".join(quote(segment) for segment in self.some(SEGMENTS, 3))
        return Request(self.random.choice(METHODS), path, self.query())

    def word(self):
        return self.random.choice(WORDS)

    def some(self, values, most):
        return [self.random.choice(values) for _ in range(self.random.randint(0, most))]

    def pairs(self):
        return [(self.random.choice(NAMES), self.word()) for _ in range(self.random.randint(0, 4))]

    def query(self, may_break=True):
        if may_break and self.random.random() < 0.07:
            return self.random.choice(BROKEN)
        if self.random.random() < 0.05:
            return self.random.choice(("a", "&&", "a=1&&b", "=1", "a==", "a=%zz", "a=1+2"))
        return urlencode(self.pairs())

    def cookies(self):
        return "; ".join(self.some(COOKIES, 4))

    def add_body(self, request, may_break):
        if self.random.random() < 0.3:
            return
        kind = self.random.choice(("form", "form", "form", "multipart", "multipart", "json", "text", "broken"))
        getattr(self, "add_" + kind)(request)
        if kind == "broken" and not may_break:
            request.body = b""

    def add_form(self, request):
        request.body = urlencode(self.pairs()).encode()
        kind = self.random.choice((URLENCODED, URLENCODED + "; charset=UTF-8", None))
        if kind:
            request.headers["Content-Type"] = kind

    def add_multipart(self, request):
        parts = [self.part(name, value) for name, value in self.pairs()]
        for number in range(self.random.randint(0, 2)):
            parts.append(f'Content-Disposition: form-data; name="f{number}"; filename="{number}.txt"\r\n'
                         f"Content-Type: text/x-{number}\r\n\r\n{self.word()}\r\n".encode())
        boundary = self.random.choice(("x", "----WebKit'1", "<b>"))
        line = f"--{boundary}\r\n".encode()
        request.body = b"".join(line + part for part in parts) + f"--{boundary}--\r\n".encode()
        request.headers["Content-Type"] = f'multipart/form-data; boundary="{boundary}"'
        if self.random.random() < 0.1:
            request.body = self.random.choice((b"", b"nothing of the kind"))

    def part(self, name, value):
        head = f'Content-Disposition: form-data; name="{name}"\r\n'.encode()
        encoding, content = self.random.choice((
            ("", value.encode()), ("", value.encode()), ("Content-Type: text/plain\r\n", value.encode()),
            ("Content-Transfer-Encoding: 8bit\r\n", value.encode()),
            ("Content-Transfer-Encoding: base64\r\n", b64encode(value.encode())),
            ("Content-Transfer-Encoding: quoted-printable\r\n", quote(value).replace("%", "=").encode()),
        ))
        return head + encoding.encode() + b"\r\n" + content + b"\r\n"

    def add_json(self, request):
        value = self.random.choice(([1, -2, 0.5], {"a": self.word()}, self.word(), None, 18446744073709551615))
        request.body = json.dumps(value).encode()
        request.headers["Content-Type"] = "application/json"

    def add_text(self, request):
        request.body = self.word().encode()
        request.headers["Content-Type"] = "text/plain"

    def add_broken(self, request):
        request.body = self.random.choice((b"\xff", b"&" * 1500 + b"a&b", b"a=%FF", b"{", b"a=1&" * 1500))
        request.headers["Content-Type"] = URLENCODED

    def wishes(self, places, ends):
        """Returns the positions that some tweens or derivers want."""
        names = [f"n{number}" for number in range(self.random.randint(1, 6))]
        wishes = []
        for name in names:
            wish = {"name": name}
            for side, end in zip(("under", "over"), ends):
                if self.random.random() < 0.45:
                    known = [*places, *names, end, "nobody"]
                    wish[side] = self.random.sample(known, self.random.choice((1, 1, 1, 2)))
            wishes.append(wish)
        return wishes


@dataclass
class Answer:
    status: str
    headers: dict
    body: object

    def __str__(self):
        return f"{self.status} {self.headers} {self.body!r}"


# The headers that are compared.
HEADERS = ("content-type", "location", "set-cookie", "x-inner", "vary", "etag", "allow", "cache-control")


class PyramidClient:
    """Sends requests to an app in this process, as a WSGI server does."""

    def __init__(self, app):
        self.app = app

    def ask(self, request):
        environ = {
            "REQUEST_METHOD": request.method, "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"), "QUERY_STRING": request.query,
            "SERVER_NAME": HOST, "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": HOST,
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": io.StringIO(), "wsgi.multithread": False, "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if request.body or request.method in ("POST", "PUT", "PATCH"):
            environ["CONTENT_LENGTH"] = str(len(request.body))
        for name, value in request.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else "HTTP_" + key] = value.encode().decode("latin-1")
        answered = []
        body = b"".join(self.app(environ, lambda status, headers, error=None: answered.append((status, headers))))
        status, headers = answered[0]
        return comparable(request, status, headers, body)


class AiopyrClient:
    """Sends requests to a server, on one connection as long as that is kept."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection(*server.address, timeout=patient(15))

    def ask(self, request):
        self.connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
        self.connection.putheader("Host", HOST)
        if request.body or request.method in ("POST", "PUT", "PATCH"):
            self.connection.putheader("Content-Length", str(len(request.body)))
        for name, value in request.headers.items():
            self.connection.putheader(name, value.encode())
        self.connection.endheaders(request.body)
        response = self.connection.getresponse()
        body = response.read()
        return comparable(request, f"{response.status} {response.reason}", response.getheaders(), body)

    def close(self):
        self.connection.close()


def comparable(request, status, headers, body):
    """Drops what differs on purpose: see docs/coming-from-pyramid.md."""
    kept = {}
    for name, value in headers:
        if name.lower() in HEADERS:
            kept.setdefault(name.lower(), []).append(value)
    if "location" in kept:
        kept["location"] = [value.removeprefix(f"http://{HOST}") for value in kept["location"]]
    kind = kept.get("content-type", [""])[0]
    if status == "400 Bad Request" and not request.path.startswith("/raise/"):
        return Answer(status, {}, None)  # the words are another matter
    if "CSRF" in status:
        return Answer(status, {}, status in body.decode())
    if kind.startswith("application/json"):
        body = json.loads(body) if body else None
    elif kind.startswith("application/javascript"):
        script = re.fullmatch(r"/\*\*/([^(]+)\((.*)\);", body.decode(), re.S)
        body = [script[1], json.loads(script[2]), "\u2028" in script[2]]
    return Answer(status, kept, body)

"""Cookies go from Debian's Pyramid to examples/features and back: tickets of all kinds, sessions."""

import time
import unittest
import warnings

from support.http import fetch
from support.patience import patient
from support.server import ServerTest

try:
    import webob
    from pyramid.authentication import AuthTktCookieHelper
    from pyramid.session import SignedCookieSessionFactory
except ImportError:  # `make deps` installs it
    webob = None

SECRET = "sosecret"
SESSION_SECRET = "itsaseekreet"


def setUpModule():
    if webob is None:
        raise unittest.SkipTest("python3-pyramid is not installed")
    warnings.simplefilter("ignore", DeprecationWarning)


def python_request(cookie="", address="127.0.0.1"):
    request = webob.Request.blank("/", base_url="http://127.0.0.1", environ={"REMOTE_ADDR": address})
    if cookie:
        request.headers["Cookie"] = cookie
    request.callbacks = []
    request.add_response_callback = request.callbacks.append
    return request


def pair_of(set_cookie):
    """Returns what a browser sends back for a Set-Cookie header."""
    return set_cookie.split(";")[0]


def python_ticket(userid, tokens=(), **options):
    headers = AuthTktCookieHelper(SECRET, **options).remember(python_request(), userid, tokens=tokens)
    return pair_of(headers[0][1])


def python_session(values, secret=SESSION_SECRET):
    """Returns the cookie of a session that Python has stored."""
    request = python_request()
    session = SignedCookieSessionFactory(secret)(request)
    session.update(values)
    response = webob.Response()
    for callback in request.callbacks:
        callback(request, response)
    return pair_of(response.headers["Set-Cookie"])


def session_in(cookie):
    """Returns the session that Python reads."""
    return SignedCookieSessionFactory(SESSION_SECRET)(python_request(cookie))


class CookieTest(ServerTest):
    def get(self, path, cookie=""):
        answer = fetch(self.server, path, headers={"Cookie": cookie} if cookie else {})
        self.assertEqual(answer.status, 200, answer.text)
        return answer

    def get_json(self, path, cookie=""):
        return self.get(path, cookie).json()

    def cookie_from(self, path, cookie=""):
        return pair_of(self.get(path, cookie).headers["set-cookie"])


class Tickets:
    """The tests of one kind of ticket; `ticket` has the arguments of Python's helper."""

    ticket = {}

    def python_reads(self, cookie):
        return AuthTktCookieHelper(SECRET, **self.ticket).identify(python_request(cookie))

    def test_server_reads_pythons_tickets(self):
        for userid, kind in (
            ("george", "b64unicode"),
            ("ä€!", "b64unicode"),
            (42, "int"),
            (b"\xc3\xa9\x00!", "b64str"),
        ):
            with self.subTest(userid=userid):
                before = int(time.time())
                cookie = python_ticket(userid, ("admin", "a+b_c-9"), **self.ticket)
                seen = self.get_json("/ticket", cookie)
                expected = userid.decode() if isinstance(userid, bytes) else str(userid)
                self.assertEqual(seen["userid"], expected)
                self.assertEqual(seen["tokens"], ["admin", "a+b_c-9"])
                self.assertEqual(seen["userdata"], f"userid_type:{kind}")
                self.assertLessEqual(abs(seen["timestamp"] - before), patient(2))

    def test_python_reads_the_servers_tickets(self):
        for query, userid in (
            ("user=george", "george"),
            ("user=%E2%82%AC", "€"),
            ("user=42&type=int", 42),
            ("user=%C3%A4!&type=bytes", "ä!".encode()),
        ):
            with self.subTest(query=query):
                identity = self.python_reads(self.cookie_from(f"/login?{query}&token=x&token=y-1"))
                self.assertEqual(identity["userid"], userid)
                self.assertEqual(list(identity["tokens"]), ["x", "y-1"])

    def test_both_write_the_same(self):
        for _ in range(3):  # the clock may tick in between
            ours = self.cookie_from("/login?user=george&token=admin")
            theirs = python_ticket("george", ("admin",), **self.ticket)
            if ours == theirs:
                return
        self.assertEqual(ours, theirs)

    def test_a_ticket_of_another_secret_is_none(self):
        other = AuthTktCookieHelper("other", **self.ticket).remember(python_request(), "george")
        self.assertIsNone(self.get_json("/ticket", pair_of(other[0][1])))
        self.assertEqual(self.get_json("/me", pair_of(other[0][1]))["userid"], None)


class Sha512Tickets(Tickets, CookieTest):
    ini = "features.ini"

    def test_login_and_logout(self):
        anonymous = {"userid": None, "principals": ["system.Everyone"]}
        self.assertEqual(self.get_json("/me"), anonymous)
        george = self.cookie_from("/login?user=george")
        self.assertTrue(george.startswith("auth_tkt="))
        principals = ["system.Everyone", "system.Authenticated", "george", "group:editors"]
        self.assertEqual(self.get_json("/me", george), {"userid": "george", "principals": principals})
        ringo = self.get_json("/me", self.cookie_from("/login?user=ringo"))
        self.assertEqual(ringo["principals"], ["system.Everyone", "system.Authenticated", "ringo"])
        self.assertEqual(self.get_json("/me", self.cookie_from("/login?user=mallory")), anonymous)
        self.assertEqual(self.cookie_from("/logout", george), "auth_tkt=")

    def test_cookies_have_the_attributes_that_python_gives(self):
        for path, theirs in (
            ("/login?user=george", AuthTktCookieHelper(SECRET).remember(python_request(), "george")),
            ("/logout", AuthTktCookieHelper(SECRET).forget(python_request())),
        ):
            ours = self.get(path).headers["set-cookie"]
            self.assertEqual(ours.split(";")[1:], theirs[0][1].split(";")[1:])

    def test_worthless_cookies_are_no_error(self):
        good = self.cookie_from("/login?user=george").partition("=")[2]
        cut = (good[:-1], good[1:], good[:130])
        for bad in ("", "x", "!", '"', "%", "\u00ff", *cut, good.upper(), "A" * 1000):
            with self.subTest(bad=bad):
                cookie = f"auth_tkt={bad}; session={bad}; csrf_token={bad}"
                self.assertIsNone(self.get_json("/me", cookie)["userid"])
                self.assertEqual(self.get_json("/session", cookie), {"count": 1, "new": True})


class Md5Tickets(Tickets, CookieTest):
    ini = "features.ini"
    options = ("--aiopyr-set", "features.hashalg=md5")
    ticket = {"hashalg": "md5"}


class AddressedTickets(Tickets, CookieTest):
    ini = "features.ini"
    options = ("--aiopyr-set", "features.hashalg=sha256", "--aiopyr-set", "features.include_ip=true")
    ticket = {"hashalg": "sha256", "include_ip": True}

    def test_a_ticket_of_another_address_is_none(self):
        helper = AuthTktCookieHelper(SECRET, **self.ticket)
        for address in ("127.0.0.2", "::1"):
            stolen = helper.remember(python_request(address=address), "george")
            self.assertIsNone(self.get_json("/ticket", pair_of(stolen[0][1])))


class Sessions(CookieTest):
    ini = "features.ini"

    def test_server_reads_and_writes_pythons_session(self):
        values = {"count": 41, "text": "é€", "nested": {"a": [1, 2.5, None, True]}}
        cookie = python_session(values)
        answer = self.get("/session", cookie)
        self.assertEqual(answer.json(), {"count": 42, "new": False})
        session = session_in(pair_of(answer.headers["set-cookie"]))
        self.assertFalse(session.new)
        self.assertEqual(dict(session), {**values, "count": 42})

    def test_python_reads_the_servers_session(self):
        before = time.time()
        cookie = self.cookie_from("/session")
        session = session_in(cookie)
        self.assertFalse(session.new)
        self.assertEqual(session["count"], 1)
        self.assertLess(abs(session.created - before), patient(2))

    def test_flash_messages_cross_over(self):
        session = session_in(self.cookie_from("/flash?message=saved"))
        self.assertEqual(session.peek_flash(), ["saved"])
        cookie = python_session({"_f_": ["from Python"]})
        self.assertEqual(self.get_json("/flash", cookie), {"messages": ["from Python"]})

    def test_csrf_tokens_cross_over(self):
        answer = self.get("/csrf")
        cookie = pair_of(answer.headers["set-cookie"])
        session = session_in(cookie)
        self.assertEqual(session.get_csrf_token(), answer.json()["csrf_token"])
        token = session.get_csrf_token()
        for headers, status in (({"X-CSRF-Token": token}, 200), ({"X-CSRF-Token": "x"}, 400), ({}, 400)):
            post = fetch(self.server, "/csrf", "POST", b"", {"Cookie": cookie, **headers})
            self.assertEqual(post.status, status)

    def test_a_session_of_another_secret_is_a_new_one(self):
        cookie = python_session({"count": 41}, secret="other")
        self.assertEqual(self.get_json("/session", cookie), {"count": 1, "new": True})

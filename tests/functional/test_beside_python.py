"""Apps of uWSGI's python plugin beside ours: which app a request reaches, and the settings that Python needs."""

import contextlib
import os
import re
import shutil
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

from support.http import fetch
from support.paths import BUILD, UWSGI_PLUGINS, example
from support.raw_http import RawHttp
from support.server import UWSGI, Server, run_to_its_end

SITE = '''

def nested(depth):
    return 0 if depth == 0 else 1 + nested(depth - 1)

def application(environ, start_response):
    size = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(size)
    query = environ["QUERY_STRING"]
    depth = nested(int(query) if query.isdigit() else 0)
    same = len(set(body)) < 2
    text = f"python {environ.get('SCRIPT_NAME', '')} {environ['PATH_INFO']} {depth} {len(body)} {same}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))])
    return [text]
'''
NEEDED = ("--post-buffering", "8192", "--aiopyr-stack-size", "8388608")
UNREACHABLE = re.compile(r"WARNING: (.*) cannot be reached: .*? (?:Write|Set) (.*)$", re.M)


PYTHON = os.path.join(UWSGI_PLUGINS, "python3_plugin.so")


@unittest.skipUnless(os.path.exists(PYTHON) and os.path.dirname(shutil.which(UWSGI) or "") == "/usr/bin",
                     "needs uwsgi-plugin-python3 of the same uWSGI")
class BesidePython(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-python-")
        cls.addClassCleanup(folder.cleanup)
        cls.site = os.path.join(folder.name, "site_app.py")
        with open(cls.site, "w") as file:
            file.write(SITE)

    def options(self, *more):
        fixed = ("--plugins", "python3", "--plugins-dir", BUILD, "--plugins", "aiopyr", "--aiopyr", "20",
                 "--http-socket", "127.0.0.1:{port}", "--disable-logging", "--aiopyr-block-warning", "0")
        names = {"SITE": self.site, "HELLO": example("hello")}
        return [*fixed, *(re.sub("SITE|HELLO", lambda name: names[name.group()], option) for option in more)]

    def start(self, *more):
        server = Server(options=self.options(*NEEDED, *more))
        self.addCleanup(server.stop)
        return server

    def unreachable(self, server):
        server.wait_for_log(" serves /", 15)
        # The warnings follow that line; a worker logs them if it has loaded the apps.
        fetch(server, "/")
        return UNREACHABLE.findall(server.log())

    def ask(self, server, path):
        answer = fetch(server, path)
        return "ours" if "coroutines" in answer.text else answer.text.split(" ")[0]

    def test_unreachable_app_is_told_and_what_is_advised_makes_it_reachable(self):
        for apps, missed, path, other in (
                (("--mount", "/fast=HELLO", "--mount", "/=SITE"), "hello.so at /fast", "/fast/", "/x"),
                (("--mount", "/fast=HELLO", "--mount", "/=SITE", "--route", "^/fast(/|$) setmodifier1:77"),
                 "hello.so at /fast", "/fast/", "/x"),
                (("--aiopyr-app", "HELLO", "--mount", "/py=SITE", "--manage-script-name"), "hello.so at /", "/", "/py/x"),
                (("--mount", "/fast=HELLO", "--mount", "/=SITE", "--lazy-apps", "--master", "--processes", "2"),
                 "hello.so at /fast", "/fast/", "/x")):
            with self.subTest(apps):
                server = self.start(*apps)
                told = self.unreachable(server)
                self.assertEqual(len(told), 1, server.log())
                self.assertTrue(told[0][0].endswith(missed), told)
                self.assertNotEqual(self.ask(server, path + "?0"), "ours")
                key, value = told[0][1].split(" = ", 1)
                better = self.start(*apps, "--" + key, value)
                self.assertEqual(self.unreachable(better), [])
                self.assertEqual(self.ask(better, path + "?sleep=0"), "ours")
                self.assertEqual(self.ask(better, other), "python")

    def test_two_apps_at_one_place_are_told_apart_by_a_route(self):
        server = self.start("--aiopyr-app", "HELLO", "--wsgi-file", "SITE")
        (told, advice), = self.unreachable(server)
        self.assertTrue(told.endswith("hello.so at /"), told)
        self.assertTrue(advice.startswith("route = ^/"), advice)
        better = self.start("--aiopyr-app", "HELLO", "--wsgi-file", "SITE", "--route", "^/$ setmodifier1:77")
        self.assertEqual(self.unreachable(better), [])
        self.assertEqual([self.ask(better, path) for path in ("/?sleep=0", "/x")], ["ours", "python"])

    def test_app_of_python_that_nobody_asks_for_is_told(self):
        server = self.start("--mount", "/fast=HELLO", "--mount", "/py=SITE", "--http-socket-modifier1", "77")
        (told, advice), = self.unreachable(server)
        self.assertEqual(told, "the app of the plugin python at /py")
        key, value = advice.split(", or ")[0].split(" = ", 1)
        better = self.start("--mount", "/fast=HELLO", "--mount", "/py=SITE", "--http-socket-modifier1", "77",
                            "--" + key, value)
        self.assertEqual(self.unreachable(better), [])
        self.assertEqual([self.ask(better, path) for path in ("/fast/?sleep=0", "/py/x")], ["ours", "python"])

    def test_prefix_that_nobody_cuts_off_is_told(self):
        server = self.start("--aiopyr-app", "HELLO", "--mount", "/py=SITE",
                            "--route", "^/(?!py(/|$)) setmodifier1:77")
        self.assertEqual(self.unreachable(server), [("the app of the plugin python at /py",
                                                     "manage-script-name = true")])

    def test_start_is_refused_without_what_python_needs(self):
        route = ("--mount", "/fast=HELLO", "--mount", "/=SITE",
                 "--route-if", "equal:${SCRIPT_NAME};/fast setmodifier1:77")
        for more, told in ((NEEDED[2:], ["post-buffering = 8192"]), (NEEDED[:2], ["aiopyr-stack-size = 8388608"]),
                           ((), ["post-buffering = 8192", "aiopyr-stack-size = 8388608"])):
            for lazy in ((), ("--master", "--lazy-apps")):
                with self.subTest(more=more, lazy=lazy):
                    options = [option.replace("{port}", "0") for option in self.options(*route, *more, *lazy)]
                    code, log = run_to_its_end(*options)
                    self.assertEqual(code, 22, log)
                    line, = (line for line in log.splitlines() if line.startswith("[aiopyr] Python's apps run"))
                    for option in ("post-buffering = 8192", "aiopyr-stack-size = 8388608"):
                        self.assertEqual(option in line, option in told, line)

    def test_plugin_without_an_app_needs_nothing(self):
        server = Server(options=self.options("--aiopyr-app", "HELLO", "--http-socket-modifier1", "77"))
        self.addCleanup(server.stop)
        self.assertEqual(self.ask(server, "/?sleep=0"), "ours")

    def test_uploads_at_once_and_nested_calls(self):
        server = self.start("--wsgi-file", "SITE", "--mount", "/fast=HELLO",
                            "--route-if", "equal:${SCRIPT_NAME};/fast setmodifier1:77")

        def upload(letter):
            with contextlib.closing(RawHttp(server, timeout=30)) as client:
                head = f"POST /up{letter}?800 HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n"
                client.send(head.encode() + letter.encode() * 100_000)
                self.assertEqual(self.ask(server, "/fast/?sleep=0"), "ours")
                client.send(letter.encode() * 100_000)
                return client.answer()

        with ThreadPoolExecutor(8) as pool:
            for letter, answer in zip("abcdefgh", pool.map(upload, "abcdefgh")):
                self.assertEqual((answer.status, answer.body.decode()),
                                 (200, f"python  /up{letter} 800 200000 True"))


if __name__ == "__main__":
    unittest.main()

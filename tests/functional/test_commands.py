"""Commands that the plugin carries out instead of serving: tables of routes, views and tweens, and a request."""

import os
import re
import socket
import subprocess
import tempfile
import unittest

from support.compilers import compile_app
from support.paths import ROOT, example
from support.patience import patient
from support.raw_http import RawHttp, request
from support.server import UWSGI, Server, plugin_options

FEATURES = ("--aiopyr", "10", "--aiopyr-app", example("features"))
HELLO = ("--aiopyr", "10", "--aiopyr-app", example("hello"))

# Two apps, each with a view of its own, declared beside its function.
SCANNED = """
#include <aiopyr/aiopyr.h>
using namespace aiopyr;
namespace {
Response NAME(Request& request) {
  return Response(std::string(request.script_name()) + " is NAME, and got " + request.body().data());
}
const ViewConfig kView(NAME, {.name = "NAME", .mapper = FiberMapper{}});
void app(Configurator& config) { config.scan(); }
}
AIOPYR_APP(app);
"""


def run(*options, stdin=""):
    """Exit code, standard output and log of a uWSGI that is not to serve."""
    done = subprocess.run(
        [UWSGI, *plugin_options(*options)],
        cwd=ROOT,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        timeout=patient(30),
    )
    return done.returncode, done.stdout, done.stderr


def columns(line):
    return re.split(r"  +", line)


class Commands(unittest.TestCase):
    def print(self, *options):
        code, out, log = run(*options)
        self.assertEqual(code, 0, out + log)
        self.assertNotIn("spawned uWSGI worker", log)
        return out

    def test_routes(self):
        lines = self.print(*HELLO, "--aiopyr-routes").splitlines()
        self.assertEqual(columns(lines[0]), ["Name", "Pattern", "View", "Method"])
        self.assertEqual(lines[1].split(), ["----", "-------", "----", "------"])
        self.assertEqual(len(lines), 3)
        name, pattern, view, method = columns(lines[2])
        self.assertEqual((name, pattern, method), ("hello", "/", "*"))
        self.assertIn("hello", view)

    def test_views(self):
        lines = self.print(*HELLO, "--aiopyr-views").splitlines()
        self.assertEqual(
            columns(lines[0]),
            ["Route", "Context", "Name", "Predicates", "Permission", "View", "Mapper"],
        )
        self.assertEqual(columns(lines[2])[:5], ["hello", "-", "-", "-", "-"])
        self.assertEqual(columns(lines[2])[6], "CoroutineOrExecutorMapper")
        self.assertIn("exception aiopyr::HttpException", lines[3])

    def test_views_of_a_path(self):
        out = self.print(*HELLO, "--aiopyr-views=/?x=1")
        self.assertTrue(out.startswith("URL = /?x=1\n"))
        self.assertEqual(len(out.splitlines()), 5)
        self.assertIn("Not found.", self.print(*HELLO, "--aiopyr-views=/nowhere"))

    def test_tweens(self):
        lines = self.print(*HELLO, "--aiopyr-tweens").splitlines()
        self.assertEqual(lines[0], "Implicit tween chain")
        self.assertEqual(
            [line.split() for line in lines[4:]],
            [["-", "INGRESS"], ["0", "EXCVIEW"], ["-", "MAIN"]],
        )

    def test_several_commands_and_several_apps(self):
        out = self.print(*FEATURES, "--mount", "/hello=" + example("hello"),
                         "--aiopyr-routes", "--aiopyr-tweens")
        self.assertIn("features.so at /\n", out)
        self.assertIn("hello.so at /hello\n", out)
        self.assertEqual(out.count("INGRESS"), 2)

    def test_a_key_of_an_ini_file_and_sockets_that_are_taken(self):
        with tempfile.TemporaryDirectory(prefix="aiopyr-commands-") as folder:
            with socket.create_server(("127.0.0.1", 0)) as taken:
                ini = os.path.join(folder, "app.ini")
                with open(ini, "w") as file:
                    file.write(
                        "[uwsgi]\nmaster = true\nprocesses = 2\nlazy-apps = true\naiopyr = 10\n"
                        f"http-socket = 127.0.0.1:{taken.getsockname()[1]}\n"
                        f"aiopyr-app = {example('hello')}\naiopyr-routes = true\n"
                    )
                self.assertIn("hello  /", self.print("--ini", ini))

    def test_a_switch_that_is_off_changes_nothing(self):
        code, out, log = run(*HELLO, "--aiopyr-views=false", "--no-server")
        self.assertEqual((code, out), (0, ""), log)
        self.assertIn("[aiopyr]", log)

    def test_without_an_app_there_is_nothing_to_print(self):
        code, out, log = run("--aiopyr", "10", "--aiopyr-routes")
        self.assertNotEqual(code, 0)
        self.assertIn("set aiopyr-app or mount", log)

    def test_a_request(self):
        out = self.print(*HELLO, "--aiopyr-request", "/?sleep=0")
        head, body = out.split("\n\n", 1)
        self.assertEqual(head.splitlines()[0], "200 OK")
        self.assertIn("Content-Type: text/plain; charset=UTF-8", head)
        self.assertEqual(body, "Welcome to Pyramid with coroutines.\n")

    def test_a_request_shows_the_headers_that_the_server_sends(self):
        headers = ("--add-header", "X-Added: 1", "--del-header", "X-Handle")
        sockets = ("--http-socket", "127.0.0.1:{port}")
        server = Server(options=plugin_options(*sockets, *FEATURES, *headers))
        self.addCleanup(server.stop)
        for method in ("GET", "HEAD"):
            client = RawHttp(server)
            self.addCleanup(client.close)
            client.send(request("/teapot", "Accept: text/plain;q=1.0, */*;q=0.1", method=method))
            sent = [line for line in client.head() if not line.startswith("Date: ")]
            with self.subTest(method=method):
                code, out, log = run(*FEATURES, *headers, "--aiopyr-request", method + " /teapot")
                self.assertEqual(code, 4, out + log)
                head, body = out.split("\n\n", 1)
                self.assertEqual(["HTTP/1.1 " + head.splitlines()[0], *head.splitlines()[1:]], sent)
                self.assertIn("X-Added: 1", sent)
                self.assertEqual(body == "\n", method == "HEAD")

    def test_the_exit_code_of_a_request_tells_its_status(self):
        code, out, _ = run(*HELLO, "--aiopyr-request", "GET /nowhere")
        self.assertEqual(code, 4)
        self.assertTrue(out.startswith("404 Not Found\n"))

    def test_a_header_of_a_request(self):
        _, out, _ = run(*HELLO, "--aiopyr-request", "GET /nowhere",
                        "--aiopyr-request-header", "Accept: application/json")
        self.assertIn("Content-Type: application/json", out)
        code, _, log = run(*HELLO, "--aiopyr-request", "/", "--aiopyr-request-header", "nonsense")
        self.assertNotEqual(code, 0)
        self.assertIn("expected Name: value", log)

    def test_apps_side_by_side_scan_their_own_views_only(self):
        with tempfile.TemporaryDirectory(prefix="aiopyr-commands-") as folder:
            options = ["--aiopyr", "10"]
            for name in ("one", "two"):
                path = compile_app(os.path.join(folder, name + ".so"), SCANNED.replace("NAME", name))
                options += ["--mount", f"/{name}={path}"]
            views = self.print(*options, "--aiopyr-views")
            one, two = views.split("two.so at /two")
            self.assertIn(" one ", one)
            self.assertNotIn(" two ", one)
            self.assertIn(" two ", two)
            self.assertNotIn(" one ", two)
            code, out, _ = run(*options, "--aiopyr-request", "POST /two/two", stdin="a body")
            self.assertEqual(code, 0)
            self.assertIn("/two is two, and got a body", out)
            self.assertEqual(run(*options, "--aiopyr-request", "/two/one")[0], 4)


if __name__ == "__main__":
    unittest.main()

"""The ways of deploying: every ini of configs/, each with the clients that it is for."""

import asyncio
import glob
import os
import re
import subprocess
import unittest

from support import uwsgi_client, websocket_client
from support.fronts import Certificate, Nginx
from support.http import curl, fetch, fetch_all
from support.paths import CONFIGS, example
from support.patience import patient
from support.ports import reserve_port
from support.server import Server, ServerTest, plugin_options, wait_until

TITLE = "aiotutorial websocket test"


async def echo(url, messages=("text", b"binary", ""), **options):
    async with websocket_client.connect(url, max_size=None, **options) as ws:
        answers = []
        for message in messages:
            await ws.send(message)
            answers.append(await asyncio.wait_for(ws.recv(), patient(10)))
        return answers


class Deployment(ServerTest):
    scheme = "ws"

    def check_echoes(self, paths, port=None, **options):
        messages = ["text", b"binary", "", "x" * 70_000]
        for path in paths:
            with self.subTest(path=path):
                url = f"{self.scheme}://127.0.0.1:{port or self.server.port}{path}"
                self.assertEqual(asyncio.run(echo(url, messages, **options)), messages)


ALL_ECHOES = ("/echo", "/echo-class", "/echo-uwsgi", "/echo-uwsgi-class")


class Https(Deployment):
    scheme = "wss"

    @classmethod
    def setUpClass(cls):
        certificate = Certificate()
        cls.addClassCleanup(certificate.remove)
        cls.server = Server("https.ini", env=certificate.environment)
        cls.addClassCleanup(cls.server.stop)
        cls.tls = certificate.client_context()

    def test_page_is_served(self):
        answer = curl(self.server, "/", scheme="https")
        self.assertEqual(answer.status, 200)
        self.assertIn(TITLE, answer.text)

    def test_websockets_echo(self):
        self.check_echoes(ALL_ECHOES, ssl=self.tls)

    def test_message_of_many_tls_records_arrives_whole(self):
        message = os.urandom((1 << 20) - 1)
        url = self.server.url("/echo", "wss")
        self.assertEqual(asyncio.run(echo(url, [message] * 3, ssl=self.tls)), [message] * 3)

    def test_plain_http_on_the_tls_port_harms_nobody(self):
        subprocess.run(["curl", "-s", "-m", "3", self.server.url("/")], stdout=subprocess.DEVNULL)
        self.assertEqual(curl(self.server, "/", scheme="https").status, 200)


class UwsgiSocket(Deployment):
    ini = "uwsgi-socket.ini"

    def test_uwsgi_request_is_answered(self):
        answer = uwsgi_client.ask(self.server, uwsgi_client.variables_for("/"))
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 OK\r\n"), answer)
        self.assertIn(TITLE.encode(), answer)

    def test_query_is_passed_on(self):
        answer = uwsgi_client.ask(self.server, uwsgi_client.variables_for("/", query="sleep=abc"))
        self.assertIn(b" 400 ", answer.split(b"\r\n")[0])

    def test_our_own_modifier_works_as_well(self):
        answer = uwsgi_client.ask(self.server, uwsgi_client.variables_for("/"), modifier1=77)
        self.assertIn(b" 200 ", answer.split(b"\r\n")[0])

    def test_nginx_serves_page_and_websockets(self):
        port = reserve_port()
        with Nginx("nginx.conf", self.server.port, port):
            page = subprocess.run(["curl", "-sS", f"http://127.0.0.1:{port}/"],
                                  stdout=subprocess.PIPE, check=True).stdout.decode()
            self.assertIn(TITLE, page)
            self.check_echoes(ALL_ECHOES, port)


class HttpRouter(Deployment):
    ini = "http-router.ini"

    def test_page_is_served(self):
        wait_until(lambda: fetch(self.server).status == 200)
        self.assertIn(TITLE, fetch(self.server).text)

    def test_websockets_echo(self):
        self.check_echoes(ALL_ECHOES)


class Processes(Deployment):
    ini = "processes.ini"

    def test_both_workers_serve(self):
        answers = fetch_all(self.server, ["/?sleep=0.2"] * 60)
        self.assertEqual([answer.status for answer in answers], [200] * 60)
        self.assertEqual(len(self.server.worker_pids()), 2)

    def test_websockets_echo(self):
        self.check_echoes(ALL_ECHOES)

    def test_worker_that_is_killed_is_replaced(self):
        before = set(self.server.worker_pids())
        os.kill(min(before), 9)
        wait_until(lambda: len(set(self.server.worker_pids()) - before) == 1, 10,
                   "there is no new worker")
        answers = fetch_all(self.server, ["/"] * 10)
        self.assertEqual([answer.status for answer in answers], [200] * 10)


class Mounts(Deployment):
    ini = "mounts.ini"

    def test_both_apps_are_served(self):
        self.assertIn(TITLE, fetch(self.server, "/").text)
        self.assertEqual(fetch(self.server, "/hello/").text, "Welcome to Pyramid with coroutines.")

    def test_prefix_is_cut_off_the_path(self):
        self.assertEqual(fetch(self.server, "/hello/echo").status, 404)
        self.assertEqual(fetch(self.server, "/hello").status, 200)

    def test_name_that_only_begins_like_the_prefix_is_no_part_of_it(self):
        self.assertEqual(fetch(self.server, "/helloween").status, 404)

    def test_websockets_echo(self):
        self.check_echoes(ALL_ECHOES)


class MountedBelowAPrefix(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10",
                             "--mount", "/a/b=" + example("features"))

    def test_redirection_leads_back_below_the_prefix(self):
        answer = fetch(self.server, "/a/b/redirect")
        self.assertEqual(answer.headers["location"], self.server.url("/a/b/title"))

    def test_websocket_works_below_the_prefix(self):
        self.assertEqual(asyncio.run(echo(self.server.url("/a/b/type", "ws"), ["abc"])), ["str:3"])

    def test_path_that_nothing_is_mounted_at_is_not_found(self):
        self.assertEqual(fetch(self.server, "/title").status, 404)


class MountedBelowAPrefixByEachWorker(MountedBelowAPrefix):
    options = [*MountedBelowAPrefix.options, "--master", "--processes", "2", "--lazy-apps"]

    def test_what_is_served_is_told_once(self):
        log = self.server.wait_for_log("features.so serves /a/b on")
        self.assertEqual(log.count("features.so serves"), 1)


class EveryConfiguration(unittest.TestCase):
    def test_it_listens_on_the_default_port_unless_told_otherwise(self):
        inis = glob.glob(os.path.join(CONFIGS, "*.ini"))
        self.assertGreater(len(inis), 5)
        for path in inis:
            with self.subTest(ini=os.path.basename(path)), open(path) as file:
                text = file.read()
                listens = re.findall(r"^(?:http|https|uwsgi|http-socket|https-socket|uwsgi-socket)"
                                     r" = ([^,\n]*)", text, re.M)
                self.assertEqual(listens, ["127.0.0.1:%(_)", "127.0.0.1:6543"])

    def test_tutorial_is_served_from_any_folder(self):
        server = Server("tutorial.ini", cwd="/")
        self.addCleanup(server.stop)
        self.assertIn(TITLE, fetch(server).text)

    def test_hello_is_served(self):
        server = Server("hello.ini")
        self.addCleanup(server.stop)
        self.assertEqual(fetch(server).text, "Welcome to Pyramid with coroutines.")

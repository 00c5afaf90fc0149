"""The log of requests: as JSON, and the plugin's variables in uWSGI's log-format."""

import json
import socket
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from support.http import fetch, fetch_all
from support.paths import example
from support.patience import patient
from support.raw_websocket import CLOSE, RawWebsocket
from support.server import ServerTest, plugin_options, run_to_its_end, wait_until

FEATURES = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "20",
                          "--aiopyr-app", example("features"))


def send_raw(server, head):
    with socket.create_connection(server.address, patient(5)) as connection:
        connection.sendall(head)
        return b"".join(iter(lambda: connection.recv(65536), b""))


class LogTest(ServerTest):
    def wait_for_line(self, text):
        """Returns the line of the log that contains `text`."""
        self.wait_for_new_log(text)
        lines = wait_until(
            lambda: [line for line in self.new_log().split("\n")[:-1] if text in line])
        self.assertEqual(len(lines), 1, lines)
        return lines[0]


class JsonLog(LogTest):
    options = [*FEATURES, "--aiopyr-access-log", "json", "--buffer-size", "32768"]

    def logged(self, text):
        return json.loads(self.wait_for_line(text))

    def test_line_tells_all_of_a_request(self):
        answer = fetch(self.server, "/?sleep=0.2&q=all", headers={
            "X-Request-ID": "id-of-all", "User-Agent": "probe/1.0",
            "Referer": "http://example.com/"})
        self.assertEqual(answer.headers["x-request-id"], "id-of-all")
        entry = self.logged("id-of-all")
        self.assertRegex(entry.pop("time"), r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertTrue(200 <= entry["view_ms"] <= entry.pop("request_ms"))
        self.assertLess(entry.pop("view_ms"), patient(2000))
        self.assertEqual(entry, {
            "request_id": "id-of-all",
            "remote_addr": "127.0.0.1",
            "method": "GET",
            "uri": "/?sleep=0.2&q=all",
            "protocol": "HTTP/1.1",
            "host": f"127.0.0.1:{self.server.port}",
            "status": 200,
            "bytes": len(answer.body),
            "queue_ms": 0,
            "app": "/",
            "route": "home",
            "referer": "http://example.com/",
            "user_agent": "probe/1.0",
            "worker": 1,
        })

    def test_id_is_made_where_the_client_has_none_that_can_be_one(self):
        for sent in ({}, {"X-Request-ID": 'x","status":1'}, {"X-Request-ID": "a" * 129}):
            with self.subTest(sent=sent):
                id = fetch(self.server, "/request-id", headers=sent).headers["x-request-id"]
                self.assertRegex(id, "^[0-9a-f]{32}$")
                self.assertEqual(self.logged(id)["route"], "request-id")

    def test_view_sees_the_id_that_is_logged(self):
        answer = fetch(self.server, "/request-id", headers={"X-Request-ID": "seen-by-view"})
        self.assertEqual(answer.json(), {"id": "seen-by-view"})

    def test_error_line_has_the_id(self):
        answer = fetch(self.server, "/error/plain", headers={"X-Request-ID": "id-of-error"})
        self.assertEqual(answer.status, 500)
        self.assertEqual(answer.headers["x-request-id"], "id-of-error")
        self.wait_for_new_log("route 'error-plain' [id-of-error]: std::runtime_error")
        wait_until(lambda: '"route":"error-plain"' in self.new_log())

    def test_nothing_that_a_client_sends_breaks_out_of_its_value(self):
        evil = b'a"b\\c\t\xff\xc3\xa4 \xed\xa0\x80","status":999,"x":"'
        send_raw(self.server, b"GET /title?evil-one HTTP/1.0\r\nUser-Agent: " + evil
                 + b"\r\nReferer: " + evil + b"\r\n\r\n")
        entry = self.logged("evil-one")
        self.assertEqual(entry["status"], 200)
        self.assertNotIn("x", entry)
        self.assertTrue(entry["user_agent"].startswith('a"b\\c\t'), entry["user_agent"])
        self.assertIn('ä', entry["user_agent"])
        self.assertEqual(entry["referer"], entry["user_agent"])

    def test_long_values_are_cut_so_that_the_line_stays_whole(self):
        target = b"/title?long-one" + b"x" * 1200
        send_raw(self.server, b"GET " + target + b" HTTP/1.0\r\nUser-Agent: " + b'"' * 1200
                 + b"\r\nReferer: " + b"\\" * 1200 + b"\r\n\r\n")
        line = self.wait_for_line("long-one")
        self.assertLessEqual(len(line), 4096)
        entry = json.loads(line)
        self.assertTrue(entry["uri"].startswith("/title?long-onexx"))
        self.assertTrue(entry["uri"].endswith("x..."))
        self.assertTrue(entry["user_agent"].endswith('"...'))

    def test_requests_without_a_route_are_logged_too(self):
        fetch(self.server, "/nowhere", headers={"X-Request-ID": "lost"})
        entry = self.logged('"lost"')
        self.assertEqual((entry["status"], entry.get("route")), (404, None))

    def test_websocket_is_logged_with_its_handshake(self):
        with RawWebsocket(self.server, "/type", headers=["X-Request-ID: ws-1"]) as ws:
            self.assertIn(b"X-Request-ID: ws-1", ws.head)
            entry = self.logged("ws-1")
            ws.send_frame(CLOSE)
        self.assertEqual((entry["status"], entry["route"]), (101, "type"))

    def test_each_request_gets_one_line(self):
        fetch_all(self.server, [f"/title?many={i}." for i in range(50)])
        wait_until(lambda: self.new_log().count("many=") == 50)
        for i in range(50):
            self.logged(f"many={i}.")


class JsonLogFromSeveralWorkers(LogTest):
    options = [*FEATURES, "--aiopyr-access-log", "json", "--master", "--processes", "2",
               "--log-master"]

    def test_lines_of_several_workers_do_not_mix(self):
        fetch_all(self.server, [f"/?sleep=0.3&many={i}." for i in range(40)])
        wait_until(lambda: self.new_log().count("many=") == 40)
        entries = [json.loads(line) for line in self.new_log().splitlines() if "many=" in line]
        self.assertEqual(len({entry["request_id"] for entry in entries}), 40)
        self.assertEqual({entry["worker"] for entry in entries}, {1, 2})


class Waiting(LogTest):
    """Two requests hold the two cores for a second each; further ones wait for a core."""

    BUSY = patient(1)
    LOG = ["--aiopyr-access-log", "json"]
    options = [*plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "2",
                               "--aiopyr-app", example("features")), *LOG]

    def ask_while_busy(self, ask):
        """Returns the result of `ask` while the cores are taken."""
        with ThreadPoolExecutor(2) as pool:
            busy = [pool.submit(fetch, self.server, f"/?sleep={self.BUSY}&busy") for _ in range(2)]
            time.sleep(patient(0.2))
            asked = ask()
            self.assertEqual([request.result().status for request in busy], [200, 200])
        return asked

    def check(self, entry, least):
        """Checks that it waited at least so many milliseconds, which `request_ms` includes and `view_ms`
        not."""
        least = patient(least)
        self.assertGreater(entry["queue_ms"], least)
        self.assertLess(entry["queue_ms"], 1200 * self.BUSY)
        self.assertGreaterEqual(entry["request_ms"], entry["queue_ms"] + entry["view_ms"])
        self.assertLess(entry["view_ms"], least)

    def entry(self, text):
        return json.loads(self.wait_for_line(text))

    def test_line_tells_how_long_a_request_waited_for_a_core(self):
        # 800 ms are left, of which the kernel's queue has the first 200.
        self.ask_while_busy(lambda: fetch(self.server, "/title?waited=queue"))
        self.check(self.entry("waited=queue"), 400)
        busy = [json.loads(line) for line in self.new_log().splitlines() if "&busy" in line]
        self.assertEqual([entry["queue_ms"] for entry in busy], [0, 0])

    def test_a_request_that_came_in_parts_has_waited_since_it_was_there(self):
        with socket.create_connection(self.server.address, patient(5)) as client:
            client.sendall(b"GET /title?waited=parts HTTP/1.1\r\n")
            # It was accepted, and taken out of its core, once the next one is answered.
            fetch(self.server, "/title")

            def ask():
                client.sendall(b"Host: x\r\n\r\n")
                return client.recv(65536)

            self.assertIn(b" 200 OK", self.ask_while_busy(ask))
        self.check(self.entry("waited=parts"), 600)


class WaitingInLogFormat(Waiting):
    LOG = ["--log-format", '{"uri":"%(uri)","queue_ms":%(queue_ms),"view_ms":%(view_ms),"request_ms":%(msecs)}']
    options = [*Waiting.options[:-len(Waiting.LOG)], *LOG]

    def check(self, entry, least):
        # uWSGI drops fractions.
        super().check({**entry, "request_ms": entry["request_ms"] + 1}, least)


class DisabledJsonLog(LogTest):
    options = [*FEATURES, "--aiopyr-access-log", "json", "--disable-logging", "--log-5xx"]

    def test_uwsgis_options_say_which_requests_are_logged(self):
        fetch(self.server, "/title?quiet")
        fetch(self.server, "/error/plain?loud")
        self.assertEqual(json.loads(self.wait_for_line("?loud"))["status"], 500)
        self.assertNotIn("quiet", self.new_log())


class LogFormat(LogTest):
    options = [*FEATURES, "--log-format", "<%(uri)|%(route)|%(view_ms)|%(request_id)|%(status)>"]

    def test_variables_tell_route_time_and_id(self):
        answer = fetch(self.server, "/?sleep=0.2", headers={"X-Request-ID": "in-format"})
        self.assertEqual(answer.headers["x-request-id"], "in-format")
        line = self.wait_for_line("in-format").strip()
        self.assertRegex(line, r"^</\?sleep=0\.2\|home\|2\d\d\.\d{3}\|in-format\|200>$")

    def test_what_is_unknown_is_a_dash(self):
        fetch(self.server, "/nowhere", headers={"X-Request-ID": "dash"})
        line = self.wait_for_line("dash").strip()
        self.assertRegex(line, r"^</nowhere\|-\|\d+\.\d{3}\|dash\|404>$")


class NoId(LogTest):
    options = FEATURES

    def test_response_has_no_id_that_nobody_asked_for(self):
        answer = fetch(self.server, "/title", headers={"X-Request-ID": "unasked"})
        self.assertNotIn("x-request-id", answer.headers)
        asked = fetch(self.server, "/request-id", headers={"X-Request-ID": "asked"})
        self.assertEqual(asked.headers["x-request-id"], "asked")


class BadOptions(unittest.TestCase):
    def check(self, message, *options):
        with tempfile.NamedTemporaryFile(prefix="aiopyr-socket-") as name:
            code, log = run_to_its_end(
                *plugin_options("--socket", name.name + ".sock", "--aiopyr", "2",
                                "--aiopyr-app", example("features"), *options))
        self.assertNotEqual(code, 0)
        self.assertIn(message, log)

    def test_unknown_form_of_the_log_stops_the_start(self):
        self.check("option aiopyr-access-log = xml: expected json or uwsgi",
                   "--aiopyr-access-log", "xml")

    def test_two_forms_of_the_log_stop_the_start(self):
        self.check("contradict each other", "--aiopyr-access-log", "json",
                   "--log-format", "%(uri)")

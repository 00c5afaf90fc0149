"""The instance's figures: the Prometheus endpoint, uWSGI's metrics in its stats server."""

import asyncio
import json
import os
import signal
import socket
import threading
import unittest

from prometheus_client.parser import text_string_to_metric_families
from support import websocket_client
from support.http import fetch, fetch_all
from support.paths import example
from support.patience import patient
from support.ports import reserve_port
from support.raw_websocket import CLOSE, TEXT, RawWebsocket
from support.server import Server, plugin_options, wait_until

FEATURES = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "20",
                          "--aiopyr-executor-threads", "2", "--aiopyr-app", example("features"),
                          "--disable-logging")


class Figures:
    """One answer of the endpoint, parsed by Prometheus' own library for Python."""

    def __init__(self, server):
        self.answer = fetch(server, "/metrics")
        assert self.answer.status == 200, self.answer
        self.families = list(text_string_to_metric_families(self.answer.text))
        self.samples = {}
        for family in self.families:
            for sample in family.samples:
                key = (sample.name, frozenset(sample.labels.items()))
                assert key not in self.samples, f"twice: {key}"
                self.samples[key] = sample.value

    def value(self, name, **labels):
        """Returns the sample with these labels; 0 if there is none."""
        return self.samples.get((name, frozenset(labels.items())), 0)

    def requests(self, route, status, app="/"):
        return self.value("aiopyr_http_requests_total", app=app, route=route, status=str(status))


def figures_when(server, condition):
    """Returns the figures once `condition` holds for them: they are counted once a response has left."""
    return wait_until(lambda: (figures := Figures(server)) and condition(figures) and figures)


class MetricsTest(unittest.TestCase):
    def start(self, *options):
        server = Server(options=[*FEATURES, *options])
        self.addCleanup(server.stop)
        return server


class Endpoint(MetricsTest):
    def test_requests_are_counted_by_route_and_status(self):
        server = self.start()
        fetch_all(server, ["/title"] * 5)
        fetch(server, "/nowhere-" + "x" * 50)
        fetch(server, "/error/plain")
        figures = Figures(server)
        self.assertEqual(figures.answer.headers["content-type"],
                         "text/plain; version=0.0.4; charset=utf-8")
        self.assertEqual(figures.requests("title", 200), 5)
        self.assertEqual(figures.requests("", 404), 1)
        self.assertEqual(figures.requests("error-plain", 500), 1)
        self.assertNotIn("nowhere", figures.answer.text)
        self.assertEqual(
            figures.value("aiopyr_http_request_duration_seconds_count", app="/", route="title"), 5)
        # The scrape itself is counted when it has been answered.
        self.assertEqual(figures.requests("metrics", 200), 0)
        self.assertEqual(Figures(server).requests("metrics", 200), 1)

    def test_names_and_types_are_as_prometheus_wants_them(self):
        server = self.start()
        fetch(server, "/title")
        figures = Figures(server)
        self.assertGreater(len(figures.families), 20)
        for family in figures.families:
            self.assertTrue(family.name.startswith("aiopyr_"), family.name)
            self.assertTrue(family.documentation, family.name)
            self.assertIn(family.type, ("counter", "gauge", "histogram"), family.name)
            for sample in family.samples:
                if family.type == "counter":
                    self.assertTrue(sample.name.endswith("_total"), sample.name)
                elif family.type == "gauge":
                    self.assertFalse(sample.name.endswith("_total"), sample.name)
        for line in figures.answer.text.splitlines():
            self.assertRegex(line, r"^(# (HELP|TYPE) aiopyr_\w+ .+|aiopyr_\w+(\{.*\})? [-+.\w]+)$")

    def test_durations_fall_into_their_buckets(self):
        server = self.start()
        fetch(server, "/?sleep=0.15")
        figures = Figures(server)
        home = {"app": "/", "route": "home"}
        name = "aiopyr_http_request_duration_seconds"
        self.assertEqual(figures.value(name + "_bucket", le="0.1", **home), 0)
        self.assertEqual(figures.value(name + "_bucket", le="+Inf", **home), 1)
        self.assertGreaterEqual(figures.value(name + "_sum", **home), 0.15)

    def test_gauges_show_what_is_in_use_now(self):
        server = self.start()
        slow = [threading.Thread(target=fetch, args=(server, "/?sleep=2")) for _ in range(3)]
        blocked = [threading.Thread(target=fetch, args=(server, "/blocking?sleep=1"))
                   for _ in range(3)]
        for thread in slow + blocked:
            thread.start()
        figures_when(server, lambda f: f.value("aiopyr_cores_in_use") == 7
                     and f.value("aiopyr_fibers_in_use") == 7
                     and f.value("aiopyr_executor_jobs_running") == 2
                     and f.value("aiopyr_executor_jobs_queued") == 1)
        for thread in slow + blocked:
            thread.join()
        # A core and a thread are free a moment after the response has left.
        figures = figures_when(server, lambda f: f.value("aiopyr_cores_in_use") == 1
                               and f.value("aiopyr_executor_jobs_running") == 0)
        self.assertEqual(figures.value("aiopyr_fibers_in_use"), 1)
        self.assertEqual(figures.value("aiopyr_executor_jobs_total"), 3)
        self.assertEqual(figures.value("aiopyr_cores"), 20)
        self.assertEqual(figures.value("aiopyr_executor_threads"), 2)
        self.assertGreater(figures.value("aiopyr_stack_high_water_bytes"), 4096)
        self.assertLess(figures.value("aiopyr_stack_high_water_bytes"),
                        figures.value("aiopyr_stack_size_bytes"))
        self.assertGreater(figures.value("aiopyr_loop_lag_seconds_count"), 10)
        self.assertGreater(figures.value("aiopyr_loop_lag_max_seconds"), 0)

    def test_requests_that_find_no_core_are_counted(self):
        server = self.start("--aiopyr", "2", "--aiopyr-queue", "1", "--aiopyr-queue-timeout", str(patient(1)))
        statuses = sorted(answer.status for answer in fetch_all(server, [f"/?sleep={patient(2)}"] * 5))
        self.assertEqual(statuses, [200, 200, 503, 503, 503])
        figures = figures_when(server, lambda f: f.requests("home", 200) == 2)
        self.assertEqual(figures.value("aiopyr_requests_refused_total"), 3)
        self.assertEqual(figures.value("aiopyr_requests_queued"), 0)
        self.assertEqual(figures.value("aiopyr_request_queue_seconds_count"), 0)

    def test_requests_that_wait_for_a_core_are_timed(self):
        server = self.start("--aiopyr", "2")
        statuses = [answer.status for answer in fetch_all(server, [f"/?sleep={patient(0.5)}"] * 4)]
        self.assertEqual(statuses, [200] * 4)
        figures = figures_when(server, lambda f: f.requests("home", 200) == 4)
        self.assertEqual(figures.value("aiopyr_request_queue_seconds_count"), 2)
        # The first 200 ms are not counted: the request was in the kernel's queue.
        self.assertGreater(figures.value("aiopyr_request_queue_seconds_sum"), 0.2)

    def test_websockets_of_both_mappers_are_counted(self):
        server = self.start()
        for path in ("/type", "/uwsgi-type"):
            with self.subTest(path=path):
                before = Figures(server)
                with RawWebsocket(server, path) as ws:
                    ws.send_frame(TEXT, b"hello")
                    ws.receive()
                    during = Figures(server)
                    ws.send_frame(CLOSE, (1001).to_bytes(2, "big"))
                    ws.receive()
                after = figures_when(server, lambda f: f.value("aiopyr_websockets_open") == 0)
                self.assertEqual(during.value("aiopyr_websockets_open"), 1)

                def grown(name, **labels):
                    return after.value(name, **labels) - before.value(name, **labels)

                self.assertEqual(grown("aiopyr_websockets_opened_total"), 1)
                self.assertEqual(grown("aiopyr_websocket_messages_received_total"), 1)
                self.assertEqual(grown("aiopyr_websocket_messages_sent_total"), 1)
                self.assertEqual(grown("aiopyr_websocket_received_bytes_total"), 5)
                self.assertEqual(grown("aiopyr_websocket_sent_bytes_total"), 5)
                # uWSGI's own engine does not report the client's code.
                code = "1005" if "uwsgi" in path else "1001"
                self.assertEqual(grown("aiopyr_websocket_closes_total", code=code), 1)
        self.assertEqual(after.requests("type", 101), 1)
        self.assertEqual(after.requests("uwsgi-type", 101), 1)

    def test_pings_are_timed(self):
        server = self.start("--aiopyr-websocket-ping-interval", str(patient(1)))

        async def stay():
            async with websocket_client.connect(server.url("/echo", "ws")) as ws:
                await asyncio.sleep(patient(1.5))
                await ws.send("x")
                await ws.recv()

        asyncio.run(stay())
        figures = Figures(server)
        self.assertEqual(figures.value("aiopyr_websocket_ping_latency_seconds_count"), 1)
        self.assertLess(figures.value("aiopyr_websocket_ping_latency_seconds_sum"), patient(1))


class Workers(MetricsTest):
    """Any worker reports the figures of all."""

    def check_that_all_are_told_of(self, *options):
        server = self.start("--master", "--processes", "2", *options)
        # More than the cores of one worker.
        fetch_all(server, [f"/?sleep={patient(0.5)}"] * 40)
        figures_when(server, lambda f: f.requests("home", 200) == 40)
        figures = [Figures(server) for _ in range(10)]
        self.assertEqual([f.requests("home", 200) for f in figures], [40] * 10)
        self.assertEqual(figures[0].value("aiopyr_workers"), 2)
        self.assertEqual(figures[0].value("aiopyr_cores"), 40)

    def test_figures_are_those_of_all_workers(self):
        self.check_that_all_are_told_of()

    def test_figures_are_those_of_all_workers_with_lazy_apps(self):
        self.check_that_all_are_told_of("--lazy-apps")

    def test_worker_that_takes_anothers_place_goes_on_counting(self):
        server = self.start("--master", "--processes", "2")
        with RawWebsocket(server, "/echo") as ws:
            ws.send_frame(TEXT, b"hello")
            ws.receive()
            fetch_all(server, ["/title"] * 20)
            figures_when(server, lambda f: f.requests("title", 200) == 20)
            self.assertEqual(Figures(server).value("aiopyr_websockets_open"), 1)
            before = server.worker_pids()
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            wait_until(lambda: server.log().count("Respawned uWSGI worker") == 2)
        wait_until(lambda: len(set(server.worker_pids()) - set(before)) == 2)
        figures = figures_when(server, lambda f: f.value("aiopyr_cores_in_use") == 1)
        self.assertEqual(figures.requests("title", 200), 20)
        self.assertEqual(figures.value("aiopyr_websocket_messages_received_total"), 1)
        self.assertEqual(figures.value("aiopyr_websockets_open"), 0)
        fetch_all(server, ["/title"] * 5)
        figures_when(server, lambda f: f.requests("title", 200) == 25)

    def test_counters_never_fall_while_they_are_read(self):
        server = self.start("--master", "--processes", "2")
        done = threading.Event()

        def load():
            while not done.is_set():
                fetch(server, "/title")

        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            before = {}
            for _ in range(40):
                figures = Figures(server)
                for key, value in figures.samples.items():
                    if key[0].endswith(("_total", "_bucket", "_count")):
                        self.assertGreaterEqual(value, before.get(key, 0), key)
                before = figures.samples
                for family in figures.families:
                    if family.type == "histogram":
                        self.check_histogram(family)
        finally:
            done.set()
            for thread in threads:
                thread.join()
        self.assertGreater(figures.requests("title", 200), 40)

    def check_histogram(self, family):
        """Buckets grow, and the last one is the count."""
        buckets = {}
        counts = {}
        for sample in family.samples:
            labels = dict(sample.labels)
            bound = labels.pop("le", None)
            series = frozenset(labels.items())
            if sample.name.endswith("_bucket"):
                buckets.setdefault(series, []).append((float(bound), sample.value))
            elif sample.name.endswith("_count"):
                counts[series] = sample.value
        for series, pairs in buckets.items():
            self.assertEqual(pairs, sorted(pairs))
            self.assertEqual([v for _, v in pairs], sorted(v for _, v in pairs))
            self.assertEqual(pairs[-1], (float("inf"), counts[series]))


class StatsServer(MetricsTest):
    def test_uwsgis_metrics_show_the_same_figures(self):
        stats = reserve_port()
        server = self.start("--master", "--processes", "2", "--enable-metrics",
                            "--stats", f"127.0.0.1:{stats}")

        def metrics():
            with socket.create_connection(("127.0.0.1", stats), 5) as connection:
                text = b"".join(iter(lambda: connection.recv(65536), b""))
            return {name: entry["value"] for name, entry in json.loads(text)["metrics"].items()}

        # The master begins once the workers are there.
        wait_until(lambda: "*** Stats server enabled" in server.log(), 10)
        with RawWebsocket(server, "/echo") as ws:
            ws.send_frame(TEXT, b"hello")
            ws.receive()
            found = wait_until(lambda: (m := metrics())["aiopyr.websockets.open"] == 1 and m,
                               timeout=10)
            self.assertEqual(found["aiopyr.websockets.messages_received"], 1)
            of_workers = [found[f"aiopyr.worker.{i}.websockets.messages_received"] for i in (1, 2)]
            self.assertEqual(sorted(of_workers), [0, 1])
            self.assertEqual(found["aiopyr.websockets.closes.1000"], 0)
            self.assertGreater(found["aiopyr.stack_high_water"], 0)

    def test_endpoint_does_without_uwsgis_metrics(self):
        for options in ((), ("--master",)):
            with self.subTest(options=options):
                self.assertEqual(Figures(self.start(*options)).value("aiopyr_workers"), 1)

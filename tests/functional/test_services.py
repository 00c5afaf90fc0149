"""<aiopyr/uwsgi.h>: uWSGI's services from a hosted app, under a real master."""

import os
import re
import signal
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from support.c_plugin import compile_plugin
from support.http import fetch
from support.paths import BUILD, example
from support.ports import reserve_port
from support.server import Server, plugin_options, run_to_its_end, wait_until


class ServicesTest(unittest.TestCase):
    """One instance of configs/services.ini for all tests of a class."""

    extra = ()

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="aiopyr-services-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.spool = os.path.join(cls.folder.name, "spool")
        cls.watched = os.path.join(cls.folder.name, "watched")
        open(cls.watched, "w").close()
        cls.node = f"127.0.0.1:{reserve_port()}"
        cls.server = Server(
            "services.ini", ["--uwsgi-socket", cls.node, "--aiopyr-set",
                             f"services.watch={cls.watched}", *cls.extra],
            env={"AIOPYR_SPOOLER": cls.spool})
        # uWSGI's master waits for ever for mules that it starts after it was told to end.
        cls.server.wait_for_log("spawned uWSGI mule 2")
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self._log_begin = len(self.server.log())

    def get(self, path):
        answer = fetch(self.server, path)
        self.assertEqual(answer.status, 200, answer.text)
        return answer

    def number(self, key):
        return self.get("/number/" + key.replace(" ", "%20")).json()["number"]

    def entry(self, key):
        """Returns the value in the cache, or None."""
        answer = fetch(self.server, "/cache/" + key.replace(" ", "%20"))
        return answer.json()["value"] if answer.status == 200 else None

    def assert_fails(self, path, message, method="GET"):
        """Checks that the client gets a 500, and the log says what to do."""
        self.assertEqual(fetch(self.server, path, method).status, 500)
        wait_until(lambda: message in self.server.log()[self._log_begin:], 5,
                   f"no {message!r} in the log")


class Signals(ServicesTest):
    def test_a_signal_runs_a_coroutine_in_a_worker(self):
        before = self.number("refreshed by worker")
        for _ in range(3):
            self.get("/signal")
        wait_until(lambda: self.number("refreshed by worker") == before + 3)

    def test_a_signal_reaches_another_instance(self):
        before = self.number("refreshed by worker")
        self.get("/signal/there?node=" + self.node)
        wait_until(lambda: self.number("refreshed by worker") > before)
        self.assert_fails(f"/signal/there?node=127.0.0.1:{reserve_port()}", "is it a uwsgi socket")

    def test_a_handler_that_throws_is_logged(self):
        self.get("/signal/bad")
        self.server.wait_for_log("handler of signal 101: std::runtime_error: the handler has failed")

    def test_timers_run_in_workers_and_mules(self):
        wait_until(lambda: self.number("timer") >= 2, 8)
        # It was requested twice.
        wait_until(lambda: self.number("rb_timer in mule") == 2, 8)

    def test_a_cron_entry_runs(self):
        # The master looks at once, and then each minute.
        wait_until(lambda: self.number("cron") > 0, 8)

    def test_a_file_that_changes_is_noticed(self):
        # The master begins to watch when it comes round to it.
        def is_noticed():
            with open(self.watched, "a") as file:
                file.write("more")
            return self.number("filemon") > 0

        wait_until(is_noticed, 8)


class LazyApps(ServicesTest):
    """Each worker loads the app for itself, and so does the one that replaces it."""

    extra = ("--lazy-apps", "--aiopyr-set", "services.without_jobs=true", "--metric",
             "shop.orders", "--metric", "shop.largest", "--metric", "shop.stock")

    def test_timers_are_added_once_and_signals_outlive_a_worker(self):
        self.assert_signal_works()
        worker = int(re.search(r"spawned uWSGI worker 1 \(pid: (\d+)", self.server.log())[1])
        os.kill(worker, signal.SIGKILL)
        self.server.wait_for_log("Respawned uWSGI worker 1", 8)
        wait_until(lambda: self.server.log().count("signum 100 registered (wid: 1 ") == 2, 8)
        self.assert_signal_works()
        # A timer that was registered twice would fire twice a second.
        before, begin = self.number("timer"), time.monotonic()
        time.sleep(3)
        fired = self.number("timer") - before
        self.assertGreaterEqual(fired, 2)
        self.assertLessEqual(fired, time.monotonic() - begin + 1)
        self.assertEqual(self.get("/rpc").json(), ["reverse", "fail"])
        self.assertEqual(self.get("/order").json(), {"orders": 1, "largest": 1})

    def assert_signal_works(self):
        before = self.number("refreshed by worker")
        self.get("/signal")
        wait_until(lambda: self.number("refreshed by worker") > before)


class WorkersAtOnce(unittest.TestCase):
    def test_what_all_workers_add_at_the_same_time_is_added_once(self):
        """Each adds all but one of the entries for which there is room, and all begin before one can
        end."""
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-locking-")
        self.addCleanup(folder.cleanup)
        compile_plugin("locking", folder.name)
        server = Server(options=plugin_options(
            "--plugins-dir", folder.name, "--plugins", "locking",
            "--http-socket", "127.0.0.1:{port}", "--master", "--processes", "4", "--lazy-apps",
            "--aiopyr", "2", "--aiopyr-app", os.path.join(BUILD, "tests", "registering_app.so")))
        self.addCleanup(server.stop)
        server.wait_for_log("[locking] let go", 10)
        wait_until(lambda: "is not added" in server.log()
                   or server.log().count("signum 63 registered") == 4, 5, server.log)
        self.assertNotIn("is not added", server.log())
        self.assertEqual(fetch(server, "/fine").text, "fine")


class CacheAndLocks(ServicesTest):
    extra = ("--enable-threads",)

    def test_what_one_worker_keeps_all_find(self):
        key = "/cache/greeting"
        self.assertEqual(fetch(self.server, key).status, 404)
        self.assertEqual(fetch(self.server, key + "?value=hello", "PUT").json(), {"new": True})
        self.assertEqual(fetch(self.server, key + "?value=hello+you", "PUT").json(), {"new": False})
        for _ in range(10):
            self.assertEqual(self.entry("greeting"), "hello you")
        self.assertEqual(fetch(self.server, key, "DELETE").json(), {"deleted": True})
        self.assertEqual(fetch(self.server, key, "DELETE").json(), {"deleted": False})

    def test_entries_expire(self):
        fetch(self.server, "/cache/brief?value=x&seconds=1", "PUT")
        self.assertEqual(self.entry("brief"), "x")
        wait_until(lambda: self.entry("brief") is None, 8)

    def test_what_a_cache_cannot_take_is_said(self):
        self.assert_fails("/cache/a?value=x&cache=nowhere", "there is no cache 'nowhere'", "PUT")
        self.assert_fails("/cache/a?value=" + "x" * 17 + "&cache=tiny",
                          "a value of 17 bytes for cache tiny, which takes 16", "PUT")
        self.assert_fails("/cache/a?value=", "an empty value for the cache", "PUT")
        self.assert_fails("/cache/" + "k" * 33 + "?value=x&cache=tiny",
                          "a key of 33 bytes for a cache: expected 1 to 32", "PUT")

    def test_a_cache_that_is_full_says_so(self):
        for key in "abc":
            self.assertEqual(fetch(self.server, f"/cache/{key}?value=x&cache=tiny", "PUT").status, 200)
        self.assert_fails("/cache/d?value=x&cache=tiny", "cache tiny is full", "PUT")

    def test_the_cache_of_another_instance_is_asked_on_a_fiber(self):
        fetch(self.server, "/cache/far?value=away", "PUT")
        self.assertEqual(self.get("/there/far?node=" + self.node).json(), {"value": "away"})
        self.assertEqual(self.get("/there/nothing?node=" + self.node).json(), {"value": None})

    def test_a_lock_keeps_others_out_in_all_workers(self):
        answers = []

        def both_have_answered():
            with ThreadPoolExecutor(20) as pool:
                answers.extend(pool.map(lambda _: self.get("/lock/count").json(), range(20)))
            return {answer["worker"] for answer in answers} == {1, 2}

        wait_until(both_have_answered, 20)
        numbers = sorted(answer["number"] for answer in answers)
        self.assertEqual(numbers, list(range(1, len(answers) + 1)))

    def test_a_lock_never_stops_the_loop(self):
        self.assert_fails("/lock/in-loop", "co_await uwsgi::locked(...)")

    def test_a_thread_does_not_wait_for_itself(self):
        self.assert_fails("/lock/twice", "this thread holds lock 1 already")
        self.assertEqual(self.get("/lock/look").json(), {"before": False, "within": True})
        self.assertEqual(self.get("/lock/look").json(), {"before": False, "within": True})


class MetricsAndLog(ServicesTest):
    def test_metrics_count_over_all_workers(self):
        before = self.get("/order").json()["orders"]
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(lambda n: self.get(f"/order?amount={n}"), range(1, 31)))
        self.assertEqual(self.get("/order?amount=2").json(), {"orders": before + 31, "largest": 30})
        self.assertEqual(self.get("/metric/shop.orders?inc=1").json(), {"value": before + 32})

    def stock(self, change):
        return self.get("/metric/shop.stock?" + change).json()["value"]

    def test_a_metric_is_changed_in_every_way(self):
        self.assertEqual(self.stock("set=40"), 40)
        self.assertEqual(self.stock("inc=5"), 45)
        self.assertEqual(self.stock("dec=3"), 42)
        self.assertEqual(self.stock("mul=-2"), -84)
        # Divides as C++ does: towards zero.
        self.assertEqual(self.stock("div=5"), -16)
        self.assertEqual(self.stock("div=-1"), 16)

    def test_no_change_of_a_metric_ends_the_worker(self):
        least, most = -2**63, 2**63 - 1
        self.assertEqual(self.stock(f"set={least}"), least)
        # The processor traps if this is divided by -1.
        self.assertEqual(self.stock("div=-1"), least)
        self.assertEqual(self.stock("dec=1"), most)
        self.assertEqual(self.stock("inc=1"), least)
        self.assertEqual(self.stock("mul=-1"), least)
        self.assert_fails("/metric/shop.stock?div=0", "the metric shop.stock is not divided by 0")
        self.assertEqual(self.stock(""), least)

    def test_a_metric_that_is_not_there_or_not_ours_is_said(self):
        self.assert_fails("/metric/shop.nothing?inc=1", "there is no metric 'shop.nothing'")
        self.assert_fails("/metric/worker.1.requests?inc=1", "worker.1.requests is collected by uWSGI")

    def test_log_format_shows_what_a_view_has_set(self):
        self.get("/order?note=large+one")
        self.server.wait_for_log("200 amount=large one\n")
        # A client cannot forge a line.
        self.get("/order?note=a%0Aforged")
        self.server.wait_for_log("200 amount=a\\nforged\n")
        self.assert_fails("/log/too-much", "256 bytes: uWSGI takes 255")


class Jobs(ServicesTest):
    def test_a_message_reaches_a_mule(self):
        self.get("/mule?mule=1&message=to+one")
        wait_until(lambda: self.entry("mule 1") == "to one")
        self.get("/mule?farm=second&message=to+the+farm")
        wait_until(lambda: self.entry("mule 2") == "to the farm")

    def test_a_message_for_nobody_is_said(self):
        self.assert_fails("/mule?mule=9&message=x", "there is no mule 9: they are 1 to 2")
        self.assert_fails("/mule?farm=none&message=x", "there is no farm 'none'")
        self.assert_fails("/mule?mule=1", "a message of 0 bytes for a mule")

    def test_a_mule_survives_a_handler_that_throws(self):
        self.get("/mule?mule=1&message=fail")
        self.server.wait_for_log("message of mule 1: std::runtime_error: the mule has failed")
        self.get("/mule?mule=1&message=still+there")
        wait_until(lambda: self.entry("mule 1") == "still there")

    def test_a_mule_runs_its_program(self):
        wait_until(lambda: self.entry("program") == "ran")

    def test_a_job_is_spooled_done_and_tried_again_where_it_fails(self):
        self.get("/mail?to=ada&body=" + "x" * 100)
        wait_until(lambda: self.entry("mail to ada") == "x" * 100, 10)
        self.assertEqual(self.number("mail attempts"), 2)
        self.assertIn("job of the spooler, to be tried again: std::runtime_error",
                      self.server.log())
        wait_until(lambda: not os.listdir(self.spool))


class Rpc(ServicesTest):
    def test_functions_are_listed(self):
        self.assertEqual(self.get("/rpc").json(), ["reverse", "fail"])

    def test_a_function_of_this_process_is_called_from_anywhere(self):
        self.assertEqual(self.get("/rpc/reverse?text=abc").text, "cba")
        self.assertEqual(self.get("/rpc-on-fiber/reverse?text=abc").text, "cba")

    def test_a_function_of_another_instance_is_called_from_anywhere(self):
        self.assertEqual(self.get(f"/rpc/reverse?text=abc&node={self.node}").text, "cba")
        self.assertEqual(self.get(f"/rpc-on-fiber/reverse?text=abc&node={self.node}").text, "cba")

    def test_what_goes_wrong_is_said(self):
        self.assert_fails("/rpc/nothing", "this process has no function 'nothing'")
        self.assert_fails("/rpc/fail", "the function has failed")
        self.assert_fails(f"/rpc/nothing?text=x&node={self.node}", "no answer; is it a uwsgi socket")
        self.assert_fails(f"/rpc/reverse?node={self.node}", "the last argument is empty")
        self.assert_fails(f"/rpc/fail?text=x&node={self.node}",
                          "rpc function: std::runtime_error: the function has failed")
        self.assert_fails(f"/rpc/reverse?text=x&node=127.0.0.1:{reserve_port()}", "no answer")


class WithoutThem(unittest.TestCase):
    """Missing parts of an instance stop its start with a line that names them."""

    APP = plugin_options("--http-socket", "127.0.0.1:0", "--aiopyr", "4", "--aiopyr-app",
                         example("services"))
    CACHE = ["--cache2", "name=default,items=10"]

    def assert_refused(self, options, message):
        code, log = run_to_its_end(*self.APP, *options)
        self.assertNotEqual(code, 0)
        self.assertIn(message, log)

    def test_without_a_master(self):
        self.assert_refused([], "signal 100 needs uWSGI's master: set master = true")

    def test_without_metrics(self):
        self.assert_refused(["--master", "--mule", *self.CACHE],
                            "metrics are off: set enable-metrics = true")

    def test_without_a_mule(self):
        self.assert_refused(["--master"], "this instance has no 'mule'")

    def test_a_file_to_watch_that_is_not_there(self):
        self.assert_refused(["--master", "--mule", "--aiopyr-set", "services.watch=/nowhere"],
                            "file monitor of /nowhere: there is no such file or folder")

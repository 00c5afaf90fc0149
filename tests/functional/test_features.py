"""The endpoints of examples/features, one after another."""

import time
from concurrent.futures import ThreadPoolExecutor

from support.http import fetch, fetch_all
from support.paths import CONFIGS
from support.patience import patient
from support.server import ServerTest


class FeaturesTest(ServerTest):
    ini = "features.ini"

    def get_json(self, path, **options):
        answer = fetch(self.server, path, **options)
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual(answer.headers["content-type"].split(";")[0], "application/json")
        return answer.json()

    def get_text(self, path):
        answer = fetch(self.server, path)
        self.assertEqual(answer.status, 200, answer.text)
        return answer.text


class WhereViewsRun(FeaturesTest):
    def test_coroutine_runs_on_the_loop(self):
        where = self.get_json("/where/coroutine")
        self.assertEqual(set(where), {"context", "thread", "loop_thread"})
        self.assertEqual(where["context"], "loop")
        self.assertEqual(where["thread"], where["loop_thread"])

    def test_plain_view_runs_in_the_executor(self):
        where = self.get_json("/where/plain")
        self.assertEqual(where["context"], "executor")
        self.assertNotEqual(where["thread"], where["loop_thread"])

    def test_fiber_view_runs_on_the_thread_of_the_loop(self):
        where = self.get_json("/where/fiber")
        self.assertEqual(where["context"], "fiber")
        self.assertEqual(where["thread"], where["loop_thread"])

    def test_loop_thread_is_the_workers_main_thread(self):
        self.assertEqual(self.get_json("/where/plain")["loop_thread"], self.server.pid)


class Blocking(FeaturesTest):
    def test_loop_serves_others_while_a_view_blocks(self):
        with ThreadPoolExecutor(1) as pool:
            begin = time.monotonic()
            blocked = pool.submit(fetch, self.server, "/blocking?sleep=3")
            time.sleep(0.1)
            while not blocked.done():
                before = time.monotonic()
                self.assertEqual(fetch(self.server).status, 200)
                self.assertLess(time.monotonic() - before, patient(0.5))
            self.assertEqual(blocked.result().text, "done")
            self.assertGreaterEqual(time.monotonic() - begin, 3)

    def test_views_that_block_do_so_at_the_same_time(self):
        begin = time.monotonic()
        answers = fetch_all(self.server, ["/blocking?sleep=0.5"] * 20)
        self.assertEqual([answer.text for answer in answers], ["done"] * 20)
        self.assertLess(time.monotonic() - begin, patient(2))

    def test_run_in_executor_leaves_the_loop_and_comes_back(self):
        answer = self.get_json("/run-in-executor?n=1")
        self.assertEqual(answer["context"], "loop")
        self.assertNotEqual(answer["executor_thread"], answer["loop_thread"])

    def test_use_executor_makes_a_coroutine_of_a_blocking_function(self):
        self.assertEqual(self.get_json("/use-executor?n=21"), {"rows": 42})


class Synchronize(FeaturesTest):
    def test_fiber_view_gets_the_result_of_a_coroutine(self):
        begin = time.monotonic()
        self.assertEqual(self.get_text("/synchronize?n=7"), "7")
        self.assertGreaterEqual(time.monotonic() - begin, 0.05)

    def test_loop_is_free_while_fibers_wait(self):
        begin = time.monotonic()
        answers = fetch_all(self.server, [f"/synchronize?n={n}" for n in range(40)])
        self.assertEqual([answer.text for answer in answers], [str(n) for n in range(40)])
        self.assertLess(time.monotonic() - begin, patient(1))

    def test_member_is_synchronized_too(self):
        self.assertEqual(self.get_text("/synchronize-member?n=5"), "6")

    def test_coroutine_that_calls_it_is_told_what_to_do(self):
        message = self.get_text("/scope-error")
        self.assertIn("slowly", message)
        self.assertIn("co_await", message)

    def test_deferred_is_a_value_on_a_fiber_and_awaitable_in_a_coroutine(self):
        self.assertEqual(self.get_text("/deferred/fiber?n=3"), "3")
        self.assertEqual(self.get_text("/deferred/coroutine?n=4"), "4")


class ViewsAndRoutes(FeaturesTest):
    def test_starter_says_hello_as_text(self):
        answer = fetch(self.server)
        self.assertEqual(answer.text, "Welcome to Pyramid with Asyncio.")
        self.assertEqual(answer.headers["content-type"], "text/plain; charset=UTF-8")

    def test_method_of_a_class_is_a_view(self):
        self.assertEqual(self.get_json("/articles/12"), {"id": 12, "shown": True})

    def test_request_method_chooses_the_view(self):
        self.assertEqual(self.get_json("/articles/12", method="DELETE"),
                         {"id": 12, "removed": True})
        self.assertEqual(fetch(self.server, "/articles/12", "PUT").status, 404)

    def test_pattern_restricts_a_part_of_the_path(self):
        self.assertEqual(fetch(self.server, "/articles/twelve").status, 404)
        self.assertEqual(fetch(self.server, "/articles/12/").status, 404)

    def test_view_gets_its_context(self):
        self.assertEqual(self.get_json("/title"), {"title": "features"})

    def test_rest_of_the_path_comes_in_decoded_segments(self):
        self.assertEqual(self.get_json("/files/a/b%20c/%C3%BC"), {"segments": ["a", "b c", "ü"]})

    def test_lambda_with_a_capture_is_a_view(self):
        self.assertEqual(self.get_text("/greetings/J%C3%BCrgen"), "Hello, Jürgen")

    def test_parameters_are_decoded(self):
        self.assertEqual(self.get_json("/parameters?a=1+2&b=%C3%A4&c"),
                         {"a": "1 2", "b": "ä", "c": ""})


class Cookies(FeaturesTest):
    def test_request_cookies_are_read(self):
        self.assertEqual(self.get_json("/cookies", headers={"Cookie": 'a=1; b="two words"'}),
                         {"a": "1", "b": "two words"})

    def test_cookie_set_on_the_request_leaves_with_the_rendered_response(self):
        answer = fetch(self.server, "/cookies/color?value=blue", "POST")
        self.assertEqual(answer.json(), {"set": "color"})
        cookie = answer.headers["set-cookie"]
        self.assertTrue(cookie.startswith("color=blue; "), cookie)
        for attribute in ("Max-Age=3600", "Path=/", "HttpOnly", "SameSite=Lax"):
            self.assertIn(attribute.lower(), cookie.lower())


class Responses(FeaturesTest):
    def test_status_and_headers_are_the_views(self):
        answer = fetch(self.server, "/teapot")
        self.assertEqual((answer.status, answer.text), (418, "short and stout\n"))
        self.assertEqual(answer.headers["x-handle"], "here")
        self.assertEqual(answer.headers["content-length"], "16")

    def test_file_is_sent_whole(self):
        answer = fetch(self.server, "/file")
        with open(f"{CONFIGS}/features.ini", "rb") as file:
            self.assertEqual(answer.body, file.read())
        self.assertIn("last-modified", answer.headers)

    def test_head_of_a_file_has_its_length_and_no_body(self):
        answer = fetch(self.server, "/file", "HEAD")
        with open(f"{CONFIGS}/features.ini", "rb") as file:
            self.assertEqual(answer.headers["content-length"], str(len(file.read())))
        self.assertEqual(answer.body, b"")

    def test_big_body_arrives_whole(self):
        self.assertEqual(fetch(self.server, "/big?mib=20").body, b"x" * (20 << 20))

    def test_redirection_names_the_place(self):
        answer = fetch(self.server, "/redirect")
        self.assertEqual(answer.status, 302)
        self.assertEqual(answer.headers["location"], self.server.url("/title"))


class LoggingTween(FeaturesTest):
    def test_request_is_printed_before_its_response(self):
        fetch(self.server, "/teapot")
        log = self.wait_for_new_log("response GET /teapot")
        self.assertIn("response GET /teapot 418", log)
        self.assertLess(log.index("request GET /teapot"), log.index("response GET /teapot"))
        self.assertEqual(log.count("GET /teapot"), 2)

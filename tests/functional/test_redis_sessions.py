"""Sessions in a real redis-server, of an app in several workers."""

import json
import os
import tempfile
import time
import unittest

from support.compilers import compile_app
from support.http import fetch
from support.paths import BUILD
from support.patience import patient
from support.redis_server import RedisServer
from support.server import Server, plugin_options, wait_until

APP = """
#include <unistd.h>
#include <aiopyr/aiopyr.h>
#include <aiopyr/redis_sessions.h>
using namespace aiopyr;

static Task<Json> count(Request& request) {
  Session& session = request.session();
  const int n = session.get("n", 0) + 1;
  session["n"] = n;
  co_await sleep(0.01);
  co_return Json{{"n", n}, {"user", session.get("user", "")}, {"pid", getpid()}};
}

static Json show(Request& request) {
  return {{"data", request.session().items()}, {"pid", getpid()}};
}

static Response login(Request& request) {
  redis::renew_session_id(request.session());
  request.session()["user"] = "ada";
  request.session().flash("Welcome");
  throw HTTPSeeOther("/");
}

static Json messages(Request& request) { return request.session().pop_flash(); }

static Response logout(Request& request) {
  request.session().invalidate();
  return Response("bye");
}

static Json token(Request& request) { return request.session().get_csrf_token(); }

static Response plain(Request&) { return Response("plain"); }

static void app(Configurator& config) {
  config.on_worker_start([](Registry& registry) {
    registry.emplace<redis::Client>(registry.settings.at("redis.url"));
  });
  redis::SessionOptions options{.secret = "secret"};
  options.timeout = std::chrono::seconds(std::stoi(config.settings().at("timeout")));
  options.renew_after = std::chrono::seconds(0);
  config.include(redis::include_sessions(options));
  const auto add = [&config](const std::string& name, auto view, ViewOptions with) {
    config.add_route(name, "/" + name);
    with.route_name = name;
    config.add_view(view, std::move(with));
  };
  add("count", count, {.renderer = "json"});
  add("show", show, {.renderer = "json"});
  add("login", login, {});
  add("messages", messages, {.renderer = "json"});
  add("logout", logout, {});
  add("token", token, {.renderer = "json"});
  add("plain", plain, {});
  add("protected", plain, {.require_csrf = true});
}

AIOPYR_APP(app)
"""

LIBRARY = os.path.join(BUILD, "libaiopyr-redis.a")


class Browser:
    """Keeps the session's cookie."""

    def __init__(self, server, cookie=None):
        self._server = server
        self.cookie = cookie

    def get(self, path, method="GET", headers=None):
        headers = dict(headers or {})
        if self.cookie:
            headers["Cookie"] = "session=" + self.cookie
        answer = fetch(self._server, path, method, headers=headers)
        told = answer.headers.get("set-cookie", "")
        if told.startswith("session="):
            self.cookie = told[len("session="):].partition(";")[0]
        return answer


class Sessions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="aiopyr-sessions-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.app = compile_app(os.path.join(cls.folder.name, "app.so"), APP, "-Wl,--whole-archive", LIBRARY,
                              "-Wl,--no-whole-archive", "-Wl,--no-as-needed", "-lssl", "-lcrypto")

    def start(self, timeout=1200):
        self.redis = self.enterContext(RedisServer())
        server = Server(options=plugin_options(
            "--http-socket", "127.0.0.1:{port}", "--aiopyr", "50", "--aiopyr-app", self.app, "--master",
            "--processes", "2", "--aiopyr-set", f"redis.url={self.redis.unix_url}", "--aiopyr-set",
            f"timeout={timeout}"))
        self.addCleanup(server.stop)
        return server

    def keys(self):
        return int(self.redis.ask("DBSIZE").lstrip(":"))

    def test_all_workers_know_a_session(self):
        browser, pids = Browser(self.start()), set()
        end = time.monotonic() + patient(30)
        number = 0
        while (len(pids) < 2 or number < 20) and time.monotonic() < end:
            number += 1
            answer = browser.get("/count").json()
            self.assertEqual(answer["n"], number)
            pids.add(answer["pid"])
        self.assertEqual(len(pids), 2)
        self.assertEqual(self.keys(), 1)

    def test_login_flash_and_logout(self):
        server = self.start()
        browser = Browser(server)
        browser.get("/count")
        before = browser.cookie
        self.assertEqual(browser.get("/login").status, 303)
        self.assertNotEqual(browser.cookie, before)
        self.assertEqual(browser.get("/messages").json(), ["Welcome"])
        self.assertEqual(browser.get("/messages").json(), [])
        self.assertEqual(browser.get("/show").json()["data"]["user"], "ada")
        self.assertEqual(Browser(server, before).get("/show").json()["data"], {})
        after = browser.cookie
        self.assertEqual(browser.get("/logout").text, "bye")
        self.assertEqual(browser.cookie, "")
        self.assertEqual(self.keys(), 0)
        self.assertEqual(Browser(server, after).get("/show").json()["data"], {})

    def test_csrf_tokens(self):
        browser = Browser(self.start())
        token = browser.get("/token").json()
        self.assertEqual(browser.get("/protected", "POST").status, 400)
        self.assertEqual(browser.get("/protected", "POST", {"X-CSRF-Token": token}).text, "plain")

    def test_a_session_lives_as_long_as_it_is_used(self):
        timeout = max(3, round(patient(3)))
        browser = Browser(self.start(timeout=timeout))
        browser.get("/count")
        for _ in range(4):
            time.sleep(timeout / 3)
            browser.get("/show")
        self.assertEqual(self.keys(), 1)
        wait_until(lambda: self.keys() == 0, 15)
        self.assertEqual(browser.get("/count").json()["n"], 1)

    def test_a_session_cannot_be_chosen_or_forged(self):
        server = self.start()
        victim = Browser(server)
        victim.get("/login")
        key = "session:" + "a" * 64
        self.redis.ask("SET", key, json.dumps({"created": 1, "data": {"n": 41}}))
        turned = victim.cookie[:-1] + ("A" if victim.cookie[-1] != "A" else "B")
        longer, shorter = victim.cookie + "AAAA", victim.cookie[4:]
        for cookie in ("a" * 64, turned, longer, shorter, "x" * 20_000, '"', "%00"):
            visitor = Browser(server, cookie)
            answer = visitor.get("/show")
            if answer.status == 200:
                self.assertEqual(answer.json()["data"], {}, cookie[:100])
            else:
                self.assertIn(answer.status, (400, 431), cookie[:100])
        # A session that is signed but was removed is not made again under its identifier.
        old = victim.cookie
        victim.get("/logout")
        visitor = Browser(server, old)
        self.assertEqual(visitor.get("/count").json()["n"], 1)
        self.assertNotEqual(visitor.cookie, old)

    def test_a_restart_of_redis(self):
        browser = Browser(self.start())
        browser.get("/count")
        self.redis.kill()
        self.assertEqual(browser.get("/count").status, 503)
        self.assertEqual(browser.get("/plain").text, "plain")
        self.redis.start()

        def counts_on():
            """Asks one of the workers, of which each finds out by itself that Redis is there again."""
            answer = browser.get("/count")
            return answer.status == 200 and answer.json()["n"] > 1

        wait_until(counts_on, 30)


if __name__ == "__main__":
    unittest.main()

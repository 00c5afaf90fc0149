"""A request's transaction: committed with its response, rolled back where that failed."""

import json
import os
import tempfile
import threading
import unittest

from support.compilers import compile_app
from support.http import fetch
from support.paths import BUILD
from support.postgres_server import PostgresTest
from support.server import Server, plugin_options, wait_until

APP = """
#include <aiopyr/aiopyr.h>
#include <aiopyr/clients/web/postgres/request_transaction.h>
using namespace aiopyr;

static Task<> add(Request& request, std::string title) {
  auto tx = postgres::request_transaction(request);
  auto adding = tx.execute("insert into job (title) values ($1)", title);
  const auto added = co_await std::move(adding);
  if (added != 1) throw Error("nothing was added");
}

static Task<Json> good(Request& request) {
  auto both = gather(add(request, "first"), add(request, "second"));
  co_await std::move(both);
  auto tx = postgres::request_transaction(request);
  auto counting = tx.query_one<std::int64_t>("select count(*) from job");
  const auto count = co_await std::move(counting);
  co_return Json{{"count", count}};
}

static Task<Json> refused(Request& request) {
  auto adding = add(request, "refused");
  co_await std::move(adding);
  throw HTTPBadRequest("no");
}

static Task<Json> broken(Request& request) {
  auto adding = add(request, "broken");
  co_await std::move(adding);
  throw Error("broken");
}

static Task<Json> vetoed(Request& request) {
  auto adding = add(request, "vetoed");
  co_await std::move(adding);
  request.response().set_status(409);
  co_return Json{{"status", 409}};
}

static Task<Json> doomed(Request& request) {
  auto adding = add(request, "doomed");
  co_await std::move(adding);
  postgres::request_transaction(request).doom();
  co_return Json{{"status", 200}};
}

static Task<Json> slow(Request& request) {
  auto adding = add(request, "slow");
  co_await std::move(adding);
  co_await sleep(3600);
  co_return Json{};
}

static Task<Json> late(Request& request) {
  auto adding = add(request, "late");
  co_await std::move(adding);
  auto tx = postgres::request_transaction(request);
  auto deferring = tx.execute("insert into job (title, boss) values ('late', -1)");
  co_await std::move(deferring);
  co_return Json{};
}

static Task<Json> idle(Request&) { co_return Json{{"idle", true}}; }

static Task<Json> count(Request& request) {
  auto& db = request.registry().get<postgres::Database>();
  auto counting = db.query_one<std::int64_t>("select count(*) from job");
  const auto number = co_await std::move(counting);
  co_return Json{{"count", number}};
}

static void app(Configurator& config) {
  const std::string url = config.settings().at("url");
  config.on_worker_start([url](Registry& registry) { registry.emplace<postgres::Database>(url); });
  postgres::add_request_transactions(config);
  config.include(prometheus("/metrics"));
  const auto serve = [&](const char* name, auto view) {
    config.add_route(name, "/" + std::string(name));
    config.add_view(view, {.route_name = name, .renderer = "json"});
  };
  serve("good", good);
  serve("refused", refused);
  serve("broken", broken);
  serve("vetoed", vetoed);
  serve("doomed", doomed);
  serve("slow", slow);
  serve("late", late);
  serve("idle", idle);
  serve("count", count);
}

AIOPYR_APP(app)
"""

LIBRARIES = ("-Wl,--whole-archive", os.path.join(BUILD, "libaiopyr-postgres.a"), "-Wl,--no-whole-archive",
             "-Wl,--no-as-needed", "-lpq")


class RequestTransactions(PostgresTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-transactions-")
        cls.addClassCleanup(folder.cleanup)
        cls.app = compile_app(os.path.join(folder.name, "app.so"), APP, *LIBRARIES)
        cls.postgres.execute(
            "create table job (id serial primary key, title text not null,"
            " boss integer references job (id) deferrable initially deferred)")
        cls.server = Server(options=plugin_options(
            "--http-socket", "127.0.0.1:{port}", "--aiopyr", "20", "--master", "--aiopyr-app", cls.app,
            "--aiopyr-access-log", "json", "--aiopyr-client-gone", "eof",
            "--aiopyr-set", f"url={cls.postgres.url()}&pool_size=4"))
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.postgres.execute("delete from job")

    def jobs(self):
        return json.loads(fetch(self.server, "/count").body)["count"]

    def test_a_response_commits(self):
        response = fetch(self.server, "/good")
        self.assertEqual((response.status, json.loads(response.body)), (200, {"count": 2}))
        self.assertEqual(self.jobs(), 2)

    def test_errors_roll_back(self):
        for path, status in (("/refused", 400), ("/broken", 500), ("/vetoed", 409), ("/doomed", 200)):
            with self.subTest(path):
                self.assertEqual(fetch(self.server, path).status, status)
                self.assertEqual(self.jobs(), 0)

    def test_a_commit_that_fails_is_an_error_of_the_view(self):
        self.assertEqual(fetch(self.server, "/late").status, 500)
        self.assertEqual(self.jobs(), 0)
        self.assertIn("23503", self.server.log())

    def test_a_request_that_asks_nothing_takes_no_connection(self):
        before = self.postgres.backends()
        self.assertEqual(fetch(self.server, "/idle").status, 200)
        self.assertEqual(self.postgres.backends(), before)

    def test_clients_that_leave_lose_no_connection(self):
        def ask():
            try:
                fetch(self.server, "/slow", timeout=0.3)
            except OSError:
                pass
        threads = [threading.Thread(target=ask) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_until(lambda: fetch(self.server, "/good").status == 200, 20)
        wait_until(lambda: self.jobs() == 2, 10)

    def test_the_access_log_and_the_metrics_tell_of_the_database(self):
        fetch(self.server, "/good")
        self.server.wait_for_log('"postgres_calls":')
        metrics = fetch(self.server, "/metrics").body.decode()
        self.assertRegex(metrics, r'aiopyr_client_operations_total\{client="postgres",name="[^"]*",'
                                  r'operation="[a-z]+",result="ok"\} [1-9]')


del PostgresTest

if __name__ == "__main__":
    unittest.main()

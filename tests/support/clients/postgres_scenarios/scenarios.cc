#include "tests/support/clients/postgres_scenarios/scenarios.h"

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

using namespace aiopyr;
using postgres::Row;
using postgres::Rows;
using postgres::Transaction;

namespace scenarios {

void require(bool holds, const std::string& what) {
  if (!holds) throw Error("wrong: " + what);
}

std::string kind_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const ConnectError&) {
    return "ConnectError";
  } catch (const ConnectionLostError&) {
    return "ConnectionLostError";
  } catch (const ClientTimeoutError&) {
    return "ClientTimeoutError";
  } catch (const PoolExhaustedError&) {
    return "PoolExhaustedError";
  } catch (const postgres::SqlError& sql) {
    return "SqlError " + sql.sqlstate();
  } catch (const std::exception& other) {
    return std::string("other: ") + other.what();
  }
}

namespace {

std::int64_t memory_kib() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("VmRSS:")) return std::atoll(line.c_str() + 6);
  }
  return 0;
}

Task<void> hold(Database* db, Event* release) {
  auto body = [release](Transaction& tx) -> Task<void> {
    Event* const event = release;
    auto asking = tx.query("select 1");
    const Rows rows = co_await std::move(asking);
    co_await event->wait();
  };
  auto running = db->transaction(body);
  co_await std::move(running);
}

}  // namespace

Task<void> full(Database* db) {
  Event release;
  auto holder = spawn(hold(db, &release));
  co_await sleep(0.2);
  std::string problem;
  try {
    auto asking = db->query("select 2");
    const Rows rows = co_await std::move(asking);
  } catch (const PoolExhaustedError& error) {
    problem = error.what();
  }
  std::printf("%s\n", problem.c_str());
  release.set();
  co_await holder;
  auto asking = db->query_one<int>("select 3");
  std::printf("then %d\n", co_await std::move(asking));
}

Task<void> stream(Database* db) {
  const std::int64_t before = memory_kib();
  auto rows =
      db->stream("select id, 'text of row ' || id as text from generate_series(1, $1) id", 1000000);
  std::int64_t sum = 0;
  std::int64_t most = 0;
  for (;;) {
    auto reading = rows.next();
    const std::optional<Row> row = co_await std::move(reading);
    if (!row) break;
    sum += row->get<int>("id");
    if (sum % 997 == 0) most = std::max(most, memory_kib());
  }
  require(sum == 500000500000, "the sum is " + std::to_string(sum));
  std::printf("grew %ld KiB\n", static_cast<long>(std::max(most, memory_kib()) - before));
  {
    auto half = db->stream("select generate_series(1, 100000)");
    auto reading = half.next();
    const std::optional<Row> row = co_await std::move(reading);
    require(row.has_value(), "a first row");
  }
  auto asking = db->query_one<int>("select 4");
  std::printf("then %d\n", co_await std::move(asking));
}

Task<void> copy(Database* db) {
  auto making = db->execute("create table if not exists copied (id int, text text)");
  co_await std::move(making);
  {
    auto beginning = db->copy_in("copy copied from stdin (format csv)");
    auto copying = co_await std::move(beginning);
    std::string piece;
    for (int i = 0; i < 100000; ++i)
      piece += std::to_string(i) + ",text " + std::to_string(i) + "\n";
    auto writing = copying.write(piece);
    co_await std::move(writing);
    auto finishing = copying.finish();
    std::printf("copied in %ld\n", static_cast<long>(co_await std::move(finishing)));
  }
  {
    auto beginning = db->copy_out("copy copied to stdout (format csv)");
    auto copying = co_await std::move(beginning);
    int rows = 0;
    for (;;) {
      auto reading = copying.read();
      const std::optional<std::string> row = co_await std::move(reading);
      if (!row) break;
      ++rows;
    }
    std::printf("copied out %d\n", rows);
  }
  {
    auto beginning = db->copy_in("copy copied from stdin (format csv)");
    auto copying = co_await std::move(beginning);
    auto writing = copying.write("1,left\n");
    co_await std::move(writing);
  }
  {
    auto beginning = db->copy_in("copy copied from stdin (format csv)");
    auto copying = co_await std::move(beginning);
    auto writing = copying.write("no number,text\n");
    co_await std::move(writing);
    std::string problem;
    try {
      auto finishing = copying.finish();
      co_await std::move(finishing);
    } catch (const postgres::SqlError& error) {
      problem = error.sqlstate();
    }
    std::printf("refused %s\n", problem.c_str());
  }
  auto asking = db->query_one<std::int64_t>("select count(*) from copied");
  std::printf("rows %ld\n", static_cast<long>(co_await std::move(asking)));
}

Task<void> listen(Database* db) {
  auto beginning = db->listen("news");
  auto news = co_await std::move(beginning);
  std::printf("listening\n");
  for (;;) {
    auto waiting = news.next();
    const postgres::Received received = co_await std::move(waiting);
    if (received.is_gap) {
      std::printf("gap\n");
      continue;
    }
    std::printf("news %s\n", received.payload.c_str());
    if (received.payload == "end") break;
  }
}

namespace {

Task<void> add_up(Database* db, int from, int to, int* runs) {
  postgres::TransactionOptions options;
  options.isolation = postgres::Isolation::kSerializable;
  options.retries = 20;
  auto body = [from, to, runs](Transaction& tx) -> Task<void> {
    const int source = from;
    const int target = to;
    ++*runs;
    auto asking = tx.query_one<std::int64_t>(
        "select coalesce(sum(value), 0)::bigint from sums "
        "where class = $1",
        source);
    const auto sum = co_await std::move(asking);
    co_await sleep(0.02);
    auto inserting = tx.execute("insert into sums values ($1, $2)", target, sum + 1);
    co_await std::move(inserting);
  };
  auto running = db->transaction(body, options);
  co_await std::move(running);
}

}  // namespace

Task<void> conflict(Database* db) {
  auto making = db->execute("create table if not exists sums (class int, value bigint)");
  co_await std::move(making);
  int runs = 0;
  std::vector<Task<void>> both;
  for (int i = 0; i < 4; ++i) both.push_back(add_up(db, i % 2, 1 - i % 2, &runs));
  auto all = gather(std::move(both));
  co_await std::move(all);
  std::printf("runs %s\n", runs > 4 ? "more" : "one each");
  auto asking = db->query_one<std::int64_t>("select count(*) from sums");
  std::printf("rows %ld\n", static_cast<long>(co_await std::move(asking)));
}

namespace {

Task<std::int64_t> count_kept(Database* db) {
  return db->query_one<std::int64_t>("select count(*) from kept");
}

Task<void> insert(Transaction* tx, int value) {
  auto inserting = tx->execute("insert into kept values ($1)", value);
  co_await std::move(inserting);
}

Task<void> insert_and_fail(Transaction& tx) {
  auto inserting = insert(&tx, 2);
  co_await std::move(inserting);
  throw Error("on purpose");
}

Task<void> insert_and_wait(Transaction& tx) {
  auto inserting = insert(&tx, 3);
  co_await std::move(inserting);
  auto asking = tx.query("select pg_sleep(30)");
  const Rows rows = co_await std::move(asking);
}

Task<void> insert_nested(Transaction& tx) {
  auto inserting = insert(&tx, 1);
  co_await std::move(inserting);
  bool failed = false;
  try {
    auto nested = tx.transaction(insert_and_fail);
    co_await std::move(nested);
  } catch (const Error&) {
    failed = true;
  }
  require(failed, "a nested transaction that throws");
  auto more = insert(&tx, 1);
  co_await std::move(more);
}

Task<void> swallow(Transaction& tx) {
  try {
    auto asking = tx.query("select 1 / 0");
    const Rows rows = co_await std::move(asking);
  } catch (const postgres::SqlError&) {
    std::printf("swallowed\n");
  }
}

}  // namespace

Task<void> transactions(Database* db) {
  auto making = db->execute("create table if not exists kept (value int)");
  co_await std::move(making);
  auto nested = db->transaction(insert_nested);
  co_await std::move(nested);
  std::string problem;
  try {
    auto failing = db->transaction(insert_and_fail);
    co_await std::move(failing);
  } catch (const Error& error) {
    problem = error.what();
  }
  require(problem == "on purpose", "the exception is " + problem);
  try {
    auto cut = wait_for(db->transaction(insert_and_wait), 0.2);
    co_await std::move(cut);
  } catch (const TimeoutError&) {
    std::printf("cut\n");
  }
  try {
    auto swallowing = db->transaction(swallow);
    co_await std::move(swallowing);
  } catch (const Error& error) {
    std::printf("%s\n", error.what());
  }
  co_await sleep(1.0);
  auto counting = count_kept(db);
  std::printf("kept %ld\n", static_cast<long>(co_await std::move(counting)));
  auto asking = db->query_one<std::int64_t>(
      "select count(*) from pg_stat_activity where query like '%pg_sleep(30)%' and state = "
      "'active' and pid <> pg_backend_pid()");
  std::printf("asleep %ld\n", static_cast<long>(co_await std::move(asking)));
}

Task<void> timeouts(Database* db) {
  std::string problem;
  try {
    auto asking = db->query("select pg_sleep(30)");
    const Rows rows = co_await std::move(asking);
  } catch (...) {
    problem = kind_of(std::current_exception());
  }
  std::printf("%s\n", problem.c_str());
  auto asking = db->query_one<int>("select 5");
  std::printf("then %d\n", co_await std::move(asking));
}

Task<void> once(Database* db, std::string sql) {
  std::string found;
  try {
    auto asking = db->query_one<std::string>(sql);
    found = co_await std::move(asking);
  } catch (const std::exception& error) {
    found = kind_of(std::current_exception()) + ": " + error.what();
  }
  std::printf("%s\n", found.c_str());
}

}  // namespace scenarios

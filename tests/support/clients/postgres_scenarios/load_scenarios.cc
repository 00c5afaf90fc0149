#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

#include "tests/support/clients/postgres_scenarios/scenarios.h"

using namespace aiopyr;
using postgres::Rows;
using postgres::Transaction;

namespace scenarios {

namespace {

/// Counts what the operations of a scenario came to.
struct Tally {
  std::map<std::string, int> counts;
  void add(const std::string& what) { ++counts[what]; }
  void print() const {
    for (const auto& [what, count] : counts) std::printf("%s %d\n", what.c_str(), count);
  }
};

Task<void> ask_plainly(Database* db, int key, Tally* tally) {
  auto asking = db->query_one<std::string>("select 'answer ' || $1::int", key);
  const std::string answer = co_await std::move(asking);
  require(answer == "answer " + std::to_string(key), "got " + answer);
  tally->add("answers");
}

Task<void> ask_slowly(Database* db, int key, Tally* tally) {
  auto asking = db->query_one<int>("select $1::int from (select pg_sleep(0.002)) s", key);
  const int answer = co_await std::move(asking);
  require(answer == key, "got " + std::to_string(answer));
  tally->add("answers");
}

Task<void> ask_wrongly(Database* db, int key, Tally* tally) {
  bool failed = false;
  try {
    auto asking = db->query("select 1 / ($1::int - $1::int)", key);
    const Rows rows = co_await std::move(asking);
  } catch (const postgres::SqlError& error) {
    failed = error.sqlstate() == "22012";
  }
  require(failed, "a division by zero");
  tally->add("refusals");
}

Task<void> ask_in_transaction(Database* db, int key, Tally* tally) {
  auto body = [key](Transaction& tx) -> Task<void> {
    const int own = key;
    auto inserting = tx.execute("insert into seen values ($1)", own);
    co_await std::move(inserting);
    auto asking = tx.query_one<int>("select $1::int from (select pg_sleep(0.001)) s", own);
    const int answer = co_await std::move(asking);
    require(answer == own, "got " + std::to_string(answer) + " in a transaction");
  };
  auto running = db->transaction(body);
  co_await std::move(running);
  tally->add("transactions");
}

Task<void> ask_by_stream(Database* db, int key, Tally* tally) {
  auto rows = db->stream("select $1::int + n as value from generate_series(1, 50) n", key);
  for (int i = 1; i <= 50; ++i) {
    auto reading = rows.next();
    const std::optional<postgres::Row> row = co_await std::move(reading);
    require(row && row->get<int>("value") == key + i, "a row of a stream");
  }
  tally->add("answers");
}

Task<void> ask_together(Database* db, int key, Tally* tally) {
  postgres::Batch batch;
  batch.add("select $1::int", key);
  batch.add("select $1::text", std::to_string(key));
  auto asking = db->batch(std::move(batch));
  const std::vector<Rows> answers = co_await std::move(asking);
  require(answers.size() == 2 && answers[0].one().get<int>(0) == key, "the first of a batch");
  require(answers[1].one().get<std::string>(0) == std::to_string(key), "the second of a batch");
  tally->add("answers");
}

Task<void> copy_out(Database* db, int key, Tally* tally) {
  const std::string number = std::to_string(key);
  auto beginning =
      db->copy_out("copy (select " + number + " from generate_series(1, 3)) to stdout");
  auto copying = co_await std::move(beginning);
  std::string copied;
  for (;;) {
    auto reading = copying.read();
    const std::optional<std::string> piece = co_await std::move(reading);
    if (!piece) break;
    copied += *piece;
  }
  require(copied == number + "\n" + number + "\n" + number + "\n", "copied " + copied);
  tally->add("answers");
}

Task<void> one_operation(Database* db, int key, Tally* tally) {
  switch (key % 12) {
    case 3:
      return ask_by_stream(db, key, tally);
    case 4:
      return ask_together(db, key, tally);
    case 5:
      return copy_out(db, key, tally);
    case 0:
      return ask_in_transaction(db, key, tally);
    case 1:
      return ask_slowly(db, key, tally);
    case 2:
      return ask_wrongly(db, key, tally);
    default:
      return ask_plainly(db, key, tally);
  }
}

Task<void> guarded(Database* db, int key, double limit, Tally* tally) {
  try {
    auto limited = wait_for(one_operation(db, key, tally), limit);
    co_await std::move(limited);
  } catch (const TimeoutError&) {
    tally->add("cancelled");
  }
}

Task<void> worker(Database* db, unsigned seed, int operations, Tally* tally) {
  std::minstd_rand random(seed);
  for (int i = 0; i < operations; ++i) {
    const auto chance = random() % 100;
    const double limit = chance < 50 ? static_cast<double>(random() % 3000) / 1e6 : 60.0;
    auto running = guarded(db, static_cast<int>(random() % 1000000), limit, tally);
    co_await std::move(running);
  }
}

}  // namespace

Task<void> cancellations(Database* db) {
  auto making = db->execute("create table if not exists seen (key int)");
  co_await std::move(making);
  Tally tally;
  std::vector<Task<void>> workers;
  for (unsigned seed = 1; seed <= 40; ++seed) workers.push_back(worker(db, seed, 250, &tally));
  auto all = gather(std::move(workers));
  co_await std::move(all);
  tally.print();
  // Gives the pool its time to clean up, and checks that nothing is left open.
  co_await sleep(2.5);
  auto asking = db->query_one<std::int64_t>(
      "select count(*) from pg_stat_activity where state like 'idle in transaction%' or "
      "(state = 'active' and pid <> pg_backend_pid() and backend_type = 'client backend')");
  const auto dirty = co_await std::move(asking);
  std::printf("dirty %ld\n", static_cast<long>(dirty));
}

namespace {

Task<void> load_worker(Database* db, const bool* is_over, int number, Tally* tally) {
  for (int key = number; !*is_over; key += 100) {
    std::exception_ptr error;
    try {
      auto asking = one_operation(db, key, tally);
      co_await std::move(asking);
    } catch (...) {
      error = std::current_exception();
    }
    if (!error) continue;
    tally->add(kind_of(error));
    co_await sleep(0.01);
  }
}

Task<void> watch_for(std::string path, bool* is_over) {
  while (access(path.c_str(), F_OK) != 0) co_await sleep(0.05);
  *is_over = true;
}

}  // namespace

Task<void> load(Database* db, std::string path) {
  auto making = db->execute("create table if not exists seen (key int)");
  co_await std::move(making);
  std::printf("begun\n");
  Tally tally;
  bool is_over = false;
  std::vector<Task<void>> workers;
  workers.push_back(watch_for(path, &is_over));
  for (int i = 0; i < 20; ++i) workers.push_back(load_worker(db, &is_over, i, &tally));
  auto all = gather(std::move(workers));
  co_await std::move(all);
  tally.print();
  // The last attempt to connect may have failed, and the next one may be ten seconds away.
  for (int attempt = 0; attempt < 120; ++attempt) {
    Tally last;
    std::exception_ptr error;
    try {
      auto asking = ask_plainly(db, 7, &last);
      co_await std::move(asking);
    } catch (...) {
      error = std::current_exception();
    }
    if (!error) {
      std::printf("well at the end\n");
      co_return;
    }
    co_await sleep(0.1);
  }
}

}  // namespace scenarios

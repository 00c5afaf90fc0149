// A program that uses postgres::Database while one system call after another fails:
//
//   postgres_faults URL           each call, in each way that libpq tells
//   postgres_faults URL untold    in the ways that it does not tell
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/clients/faults/fault_loop.h"
#include <aiopyr/postgres.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>

using namespace aiopyr;

namespace {

class PostgresSubject final : public faults::Subject {
 public:
  explicit PostgresSubject(const std::string& url) : db_(url) {}

  Task<void> use() override {
    // Several share one connection.
    std::vector<Task<void>> questions;
    for (int i = 0; i < 3; ++i) questions.push_back(attempt(select("answer " + std::to_string(i))));
    auto all = gather(std::move(questions));
    co_await std::move(all);
    auto transacting = attempt(transact());
    co_await std::move(transacting);
    auto streaming = attempt(stream());
    co_await std::move(streaming);
    auto copying = attempt(copy());
    co_await std::move(copying);
    auto giving_up = attempt(give_up());
    co_await std::move(giving_up);
    // Waits for the clean-up, where the pool has one connection.
    auto last = attempt(ask());
    co_await std::move(last);
  }

  Task<void> ask() override { return select("well"); }
  Task<void> close() override { return db_.close(5.0); }

 private:
  Task<void> select(std::string text) {
    auto asking = db_.query_one<std::string>("select $1::text", text);
    const std::string got = co_await std::move(asking);
    faults::require(got == text, "'" + text + "' is answered by '" + got + "'");
  }

  Task<void> transact() {
    auto body = [](postgres::Transaction& tx) -> Task<void> {
      auto asking = tx.query_one<int>("select 41 + $1::int", 1);
      const int got = co_await std::move(asking);
      faults::require(got == 42, "in a transaction");
    };
    auto running = db_.transaction(body);
    co_await std::move(running);
  }

  Task<void> stream() {
    auto rows = db_.stream("select id from generate_series(1, 100) id");
    int sum = 0;
    for (;;) {
      auto reading = rows.next();
      const std::optional<postgres::Row> row = co_await std::move(reading);
      if (!row) break;
      sum += row->get<int>("id");
    }
    faults::require(sum == 5050, "the rows of a stream");
  }

  Task<void> copy() {
    auto beginning = db_.copy_out("copy (select generate_series(1, 3)) to stdout");
    auto copying = co_await std::move(beginning);
    std::string got;
    for (;;) {
      auto reading = copying.read();
      const std::optional<std::string> piece = co_await std::move(reading);
      if (!piece) break;
      got += *piece;
    }
    faults::require(got == "1\n2\n3\n", "what is copied out");
  }

  /// Leaves a transaction in the middle of a statement, which the server has to cancel.
  Task<void> give_up() {
    auto body = [](postgres::Transaction& tx) -> Task<void> {
      auto asking = tx.query("select pg_sleep(60)");
      const postgres::Rows rows = co_await std::move(asking);
    };
    try {
      auto cut = wait_for(db_.transaction(body), 0.01);
      co_await std::move(cut);
    } catch (const TimeoutError&) {
      co_return;
    }
  }

  postgres::Database db_;
};

/// Returns whether libpq takes what could not be written for written, and leaves it to the end of
/// the connection to tell: a connection that goes on is then given up after query_timeout.
bool is_untold(std::string_view way) { return way == "write ENOBUFS" || way == "write EIO"; }

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 2;
  EvLoop loop;
  const std::string url = arguments[1];
  const bool wants_untold = count > 2;
  return faults::fail_each_call(
      [&] { return std::make_unique<PostgresSubject>(url); },
      {.is_tried = [&](auto way) { return is_untold(way) == wants_untold; }});
}

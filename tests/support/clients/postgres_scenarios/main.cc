#include <cstdio>
#include <exception>
#include <string>

#include "tests/support/clients/postgres_scenarios/scenarios.h"
#include <aiopyr/runtime/async/loop/ev_loop.h>

namespace {

aiopyr::Task<void> run(aiopyr::postgres::Database* db, std::string name, std::string argument) {
  using namespace scenarios;
  if (name == "cancellations") return cancellations(db);
  if (name == "load") return load(db, argument);
  if (name == "full") return full(db);
  if (name == "stream") return stream(db);
  if (name == "copy") return copy(db);
  if (name == "listen") return listen(db);
  if (name == "conflict") return conflict(db);
  if (name == "transactions") return transactions(db);
  if (name == "timeouts") return timeouts(db);
  if (name == "once") return once(db, argument);
  throw aiopyr::Error("no scenario " + name);
}

}  // namespace

/// Runs one scenario: its name, the URL of the database, and an argument.
int main(int count, char** arguments) {
  if (count < 3) return 2;
  setvbuf(stdout, nullptr, _IOLBF, 0);
  try {
    aiopyr::EvLoop loop;
    const auto warn = [](const aiopyr::postgres::Notice& notice) {
      std::printf("notice %s\n", notice.message.c_str());
    };
    aiopyr::postgres::Database db(arguments[2], warn);
    aiopyr::run_until_complete(run(&db, arguments[1], count > 3 ? arguments[3] : ""));
    aiopyr::run_until_complete(db.close(5.0));
  } catch (const std::exception& error) {
    std::printf("failed: %s\n", error.what());
    return 1;
  }
  std::printf("done\n");
  return 0;
}

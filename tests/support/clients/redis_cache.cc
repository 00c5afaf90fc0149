// A process that asks a redis::Cache, for the functional tests:
//
//   redis_cache URL PROCESSES CALLERS   CALLERS ask for one key at the same time; prints their
//   values
//
// A computation counts itself under `computed`, and waits until that many processes have begun.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>
#include <vector>

#include <aiopyr/redis.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>

using namespace aiopyr;

namespace {

Task<std::string> compute(redis::Client* client, int processes) {
  const auto number = co_await client->incr("computed");
  std::optional<std::string> begun;
  do {
    co_await sleep(0.02);
    begun = co_await client->get("begun");
  } while (!begun || std::stoi(*begun) < processes);
  co_await sleep(0.2);
  const std::string value = std::to_string(number);
  co_return value;
}

Task<> ask(redis::Client* client, int processes, int callers) {
  co_await client->incr("begun");
  redis::Cache cache(*client, {.prefix = "cache:", .ttl = 60, .lock = 2});
  std::vector<TaskHandle<std::string>> asked;
  for (int i = 0; i < callers; ++i) {
    asked.push_back(spawn(cache.get_or_set("key", [=] { return compute(client, processes); })));
  }
  for (auto& each : asked) {
    const std::string value = co_await each;
    std::printf("%s\n", value.c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  EvLoop loop;
  redis::Client client(argv[1]);
  run_until_complete(ask(&client, std::atoi(argv[2]), std::atoi(argv[3])));
  return 0;
}

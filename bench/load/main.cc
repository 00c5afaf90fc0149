// The load generator of `make bench`: one thread, epoll. Prints one line of JSON, with `error` and
// exit code 1 after a wrong answer. See loads.h for the modes.
//
//     load echo --port 6543 --path /echo --connections 64 --size 20 --depth 16 --pid PID --core 1
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <sched.h>

#include "loads.h"
#include "sockets.h"

namespace {

using namespace load;

const std::map<std::string, nlohmann::json (*)(const Options&)> kModes = {
    {"echo", run_echo},
    {"http", run_http},
    {"http-close", run_http_close},
    {"topic", run_topic},
    {"hold-websockets", hold_websockets},
    {"hold-requests", hold_requests},
};

void run_on_core(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) throw LoadError("no such core");
}

nlohmann::json run(int count, char** arguments) {
  const Options options = parse_options(count, arguments);
  const auto mode = kModes.find(options.mode);
  if (mode == kModes.end()) throw LoadError("unknown mode " + options.mode);
  if (options.core >= 0) run_on_core(options.core);
  raise_file_limit();
  return mode->second(options);
}

}  // namespace

int main(int count, char** arguments) {
  nlohmann::json result;
  try {
    result = run(count, arguments);
  } catch (const std::exception& error) {
    result = {{"error", error.what()}};
  }
  std::cout << result.dump() << std::endl;
  return result.contains("error") ? 1 : 0;
}

// Blocking code: as a plain view, called from a coroutine by run_in_executor, or wrapped once by
// use_executor.
#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "features.h"

namespace features {

using namespace aiopyr;

namespace executing {

void block(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

// A plain view runs in a thread of the executor, so it may block.
std::string blocking(Request& request) {
  block(request.params().get<double>("sleep", 0.1));
  return "done";
}

// Makes the one blocking call of a view that is otherwise a coroutine.
Task<Json> in_executor(Request& request) {
  const int n = request.params().get<int>("n", 1);
  const auto work = [n] {
    block(0.001 * n);
    return thread_id();
  };
  const pid_t thread = co_await run_in_executor(work);
  Json answer = where_am_i(request);
  answer["executor_thread"] = thread;
  co_return answer;
}

// A class whose blocking methods are coroutines for its users. They share a pool of two threads, so
// that the database sees two calls at a time, however many requests there are.
class DatabaseUtilities {
 public:
  Task<int> query_it(int rows) const { return query_it_(rows); }

 private:
  static int query(int rows) {
    block(0.01);
    return rows * 2;
  }

  std::function<Task<int>(int)> query_it_ =
      use_executor(query, std::make_shared<Executor>(Executor::Options{.threads = 2}));
};

Task<Json> database(Request& request) {
  static const DatabaseUtilities utilities;
  const int rows = co_await utilities.query_it(request.params().get<int>("n", 1));
  co_return Json{{"rows", rows}};
}

}  // namespace executing

using namespace executing;

void include_executor(Configurator& config) {
  config.add_route("blocking", "/blocking");
  config.add_view(blocking, {.route_name = "blocking", .renderer = "string"});
  config.add_route("run-in-executor", "/run-in-executor");
  config.add_view(in_executor, {.route_name = "run-in-executor", .renderer = "json"});
  config.add_route("use-executor", "/use-executor");
  config.add_view(database, {.route_name = "use-executor", .renderer = "json"});
}

}  // namespace features

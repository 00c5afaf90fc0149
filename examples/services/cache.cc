// The things that all processes share: the cache, locks, metrics. And variables of the request log.
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <thread>

#include "services.h"

namespace services {

using namespace aiopyr;

namespace shared {

/// Reads the cache from a coroutine: fast and without a wait.
Task<Json> get_entry(Request& request) {
  const auto value = uwsgi::cache_get(request.matchdict()["key"]);
  if (!value) throw HTTPNotFound("Nothing is kept for that.");
  co_return Json{{"value", *value}};
}

Task<Json> put_entry(Request& request) {
  const std::string key = request.matchdict()["key"];
  const auto value = request.params().get<std::string>("value", "");
  const auto seconds = std::chrono::seconds(request.params().get<int>("seconds", 0));
  const auto cache = request.params().get<std::string>("cache", "");
  const bool is_new = uwsgi::cache_set(key, value, seconds, cache);
  if (!is_new) uwsgi::cache_update(key, value, seconds, cache);
  co_return Json{{"new", is_new}};
}

Task<Json> delete_entry(Request& request) {
  co_return Json{{"deleted", uwsgi::cache_del(request.matchdict()["key"])}};
}

Task<Json> get_number(Request& request) {
  co_return Json{{"number", uwsgi::cache_num(request.matchdict()["key"])}};
}

/// Reads the cache of another instance, over the network: on a fiber, so that the loop continues.
Task<Json> get_entry_there(Request& request) {
  const std::string key = request.matchdict()["key"];
  const std::string cache = "default@" + request.params().get<std::string>("node", "");
  auto ask = [key, cache] { return uwsgi::cache_get(key, cache); };
  const auto value = co_await spawn_fiber(std::move(ask));
  co_return Json{{"value", value ? Json(*value) : Json()}};
}

/// Is wrong in a coroutine: it would block the loop, so it throws ScopeError.
Task<Json> stop_the_loop(Request&) {
  const uwsgi::LockGuard guard;
  co_return Json();
}

/// Reads, waits and writes: without the lock, counts of other processes would be lost.
Task<Json> count_slowly(Request&) {
  auto count = [] {
    const auto number = std::stoi(uwsgi::cache_get("slow").value_or("0")) + 1;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    uwsgi::cache_update("slow", std::to_string(number));
    return number;
  };
  const int number = co_await uwsgi::locked(count);
  co_return Json{{"number", number}, {"worker", uwsgi::worker_id()}};
}

/// Runs in a thread, as a plain view, and may wait for a lock there.
Json lock_twice(Request&) {
  const uwsgi::LockGuard guard(1);
  const uwsgi::LockGuard again(1);
  return Json();
}

Json look_at_lock(Request&) {
  const bool before = uwsgi::is_locked(1);
  const uwsgi::LockGuard guard(1);
  return {{"before", before}, {"within", uwsgi::is_locked(1)}};
}

Task<Json> order(Request& request) {
  static const auto orders = uwsgi::metric("shop.orders");
  static const auto largest = uwsgi::metric("shop.largest");
  const auto amount = request.params().get<int>("amount", 1);
  orders.inc();
  largest.set_max(amount);
  uwsgi::set_logvar(request, "amount", request.params().get<std::string>("note", "none"));
  co_return Json{{"orders", orders.get()}, {"largest", largest.get()}};
}

// Handles /metric/shop.stock?div=2
Task<Json> change_metric(Request& request) {
  using Change = void (*)(std::string_view name, std::int64_t by);
  static const std::map<std::string, Change> changes = {
      {"set", uwsgi::metric_set}, {"inc", uwsgi::metric_inc}, {"dec", uwsgi::metric_dec},
      {"mul", uwsgi::metric_mul}, {"div", uwsgi::metric_div},
  };
  const std::string name = request.matchdict()["name"];
  for (const auto& [what, change] : changes) {
    if (request.params().contains(what)) change(name, request.params().get<std::int64_t>(what));
  }
  co_return Json{{"value", uwsgi::metric_get(name)}};
}

Task<Json> log_too_much(Request& request) {
  uwsgi::set_logvar(request, "amount", std::string(256, 'x'));
  co_return Json();
}

}  // namespace shared

void include_cache(Configurator& config) {
  using namespace shared;
  uwsgi::register_metric("shop.orders");
  uwsgi::register_metric("shop.largest", uwsgi::MetricType::kGauge);
  uwsgi::register_metric("shop.stock", uwsgi::MetricType::kGauge);
  config.add_route("entry", "/cache/{key}");
  config.add_view(get_entry, {.route_name = "entry", .renderer = "json", .request_method = "GET"});
  config.add_view(put_entry, {.route_name = "entry", .renderer = "json", .request_method = "PUT"});
  config.add_view(delete_entry,
                  {.route_name = "entry", .renderer = "json", .request_method = "DELETE"});
  config.add_route("number", "/number/{key}");
  config.add_view(get_number, {.route_name = "number", .renderer = "json"});
  config.add_route("entry-there", "/there/{key}");
  config.add_view(get_entry_there, {.route_name = "entry-there", .renderer = "json"});
  config.add_route("lock-in-loop", "/lock/in-loop");
  config.add_view(stop_the_loop, {.route_name = "lock-in-loop", .renderer = "json"});
  config.add_route("lock-count", "/lock/count");
  config.add_view(count_slowly, {.route_name = "lock-count", .renderer = "json"});
  config.add_route("lock-twice", "/lock/twice");
  config.add_view(lock_twice, {.route_name = "lock-twice", .renderer = "json"});
  config.add_route("lock-look", "/lock/look");
  config.add_view(look_at_lock, {.route_name = "lock-look", .renderer = "json"});
  config.add_route("order", "/order");
  config.add_view(order, {.route_name = "order", .renderer = "json"});
  config.add_route("metric", "/metric/{name}");
  config.add_view(change_metric, {.route_name = "metric", .renderer = "json"});
  config.add_route("log-too-much", "/log/too-much");
  config.add_view(log_too_much, {.route_name = "log-too-much", .renderer = "json"});
}

}  // namespace services

#include <algorithm>

#include <aiopyr/plugin/metrics/figures.h>

namespace aiopyr::plugin {

namespace {

using Kind = Figure::Kind;

// Makes a Figure::address: the path from a worker's counters to a figure.
#define AIOPYR_AT(path) \
  [](const WorkerCounters& slot, std::size_t) -> const void* { return slot.path.address(); }

void add_loop_figures(std::vector<Figure>& all) {
  all.push_back({Kind::kSum, "cores", "aiopyr_cores_in_use", "Cores that serve a request.",
                 AIOPYR_AT(cores)});
  all.push_back({Kind::kSum, "queued", "aiopyr_requests_queued", "Requests that wait for a core.",
                 AIOPYR_AT(queued)});
  all.push_back({Kind::kCounter, "refused", "aiopyr_requests_refused_total",
                 "Requests that were answered 503, as no core was free in time.",
                 AIOPYR_AT(refused)});
  all.push_back({Kind::kSum, "fibers", "aiopyr_fibers_in_use", "Fibers that have a body.",
                 AIOPYR_AT(loop.fibers)});
  all.push_back({Kind::kMax, "stack_high_water", "aiopyr_stack_high_water_bytes",
                 "The most that a fiber has used of its stack, in whole pages.",
                 AIOPYR_AT(loop.stack_high_water)});
  all.push_back({Kind::kMax, "loop_lag_max_ns", "aiopyr_loop_lag_max_seconds",
                 "The longest turn of a loop since its worker began.",
                 AIOPYR_AT(loop.longest_turn)});
  all.back().unit = 1e-9;
}

void add_executor_figures(std::vector<Figure>& all) {
  all.push_back({Kind::kSum, "executor.queued", "aiopyr_executor_jobs_queued",
                 "Jobs that wait for a thread of the executor.", AIOPYR_AT(executor.queued)});
  all.push_back({Kind::kSum, "executor.running", "aiopyr_executor_jobs_running",
                 "Jobs that run in a thread of the executor.", AIOPYR_AT(executor.running)});
  all.push_back({Kind::kCounter, "executor.jobs", "aiopyr_executor_jobs_total",
                 "Jobs that the executor has taken.", AIOPYR_AT(executor.jobs)});
  all.push_back({Kind::kCounter, "executor.refused", "aiopyr_executor_jobs_refused_total",
                 "Jobs that found the executor's queue full.", AIOPYR_AT(executor.refused)});
}

void add_websocket_figures(std::vector<Figure>& all) {
  all.push_back({Kind::kSum, "websockets.open", "aiopyr_websockets_open", "Websockets now.",
                 AIOPYR_AT(websockets.open)});
  all.push_back({Kind::kCounter, "websockets.opened", "aiopyr_websockets_opened_total",
                 "Websockets that were opened.", AIOPYR_AT(websockets.opened)});
  all.push_back({Kind::kCounter, "websockets.messages_received",
                 "aiopyr_websocket_messages_received_total", "Messages that clients have sent.",
                 AIOPYR_AT(websockets.messages_received)});
  all.push_back({Kind::kCounter, "websockets.messages_sent", "aiopyr_websocket_messages_sent_total",
                 "Messages to clients.", AIOPYR_AT(websockets.messages_sent)});
  all.push_back({Kind::kCounter, "websockets.bytes_received",
                 "aiopyr_websocket_received_bytes_total", "Bytes of these, as views get them.",
                 AIOPYR_AT(websockets.bytes_received)});
  all.push_back({Kind::kCounter, "websockets.bytes_sent", "aiopyr_websocket_sent_bytes_total",
                 "Bytes of these, before they are compressed.", AIOPYR_AT(websockets.bytes_sent)});
}

void add_drop(std::vector<Figure>& all, std::string policy,
              const void* (*address)(const WorkerCounters&, std::size_t)) {
  all.push_back({Kind::kCounter, "websockets.dropped." + policy,
                 "aiopyr_websocket_messages_dropped_total",
                 "Messages that a client was too slow for, by the policy that dropped them.",
                 address, 0, "policy", std::move(policy)});
}

void add_drops(std::vector<Figure>& all) {
  add_drop(all, "drop_oldest", AIOPYR_AT(websockets.dropped_oldest));
  add_drop(all, "drop_newest", AIOPYR_AT(websockets.dropped_newest));
  add_drop(all, "coalesce", AIOPYR_AT(websockets.coalesced));
  add_drop(all, "close", AIOPYR_AT(websockets.refused));
}

void add_closes(std::vector<Figure>& all) {
  using websocket::CloseCounters;
  for (std::size_t kind = 0; kind < CloseCounters::kKinds; ++kind) {
    const std::string code(CloseCounters::name_of(kind));
    all.push_back({Kind::kCounter, "websockets.closes." + code, "aiopyr_websocket_closes_total",
                   "Websockets that have ended, by the code of the first close frame; 1006 without "
                   "one.",
                   [](const WorkerCounters& slot, std::size_t index) {
                     return slot.websockets.closes.address(index);
                   },
                   kind, "code", code});
  }
}

#undef AIOPYR_AT

}  // namespace

std::int64_t Figure::of_worker(int number) const noexcept {
  const auto* at = static_cast<const std::int64_t*>(address(counters_of_worker(number), index));
  return __atomic_load_n(at, __ATOMIC_RELAXED);
}

std::int64_t Figure::total() const noexcept {
  std::int64_t total = 0;
  for (int number = 1; number <= worker_count(); ++number) {
    if (kind != Kind::kCounter && !is_worker_alive(number)) continue;
    const std::int64_t value = of_worker(number);
    total = kind == Kind::kMax ? std::max(total, value) : total + value;
  }
  return total;
}

const std::vector<Figure>& figures() {
  static const auto* const kept = [] {
    auto* all = new std::vector<Figure>;
    add_loop_figures(*all);
    add_executor_figures(*all);
    add_websocket_figures(*all);
    add_closes(*all);
    add_drops(*all);
    return all;
  }();
  return *kept;
}

}  // namespace aiopyr::plugin

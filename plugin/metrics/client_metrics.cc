#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include <aiopyr/plugin/metrics/client_metrics.h>
#include <aiopyr/plugin/metrics/shared_counters.h>
#include <aiopyr/runtime/base/client_figures.h>

namespace aiopyr::plugin {

namespace {

using metrics::ClientFigures;
using metrics::DurationHistogram;
using metrics::Exposition;
using Type = Exposition::Type;

struct OperationTotals {
  std::array<std::uint64_t, metrics::kOutcomeNames.size()> outcomes{};
  DurationHistogram::Totals times;
};

struct ClientTotals {
  std::int64_t connections = 0;
  std::int64_t in_use = 0;
  std::int64_t waiting = 0;
  std::uint64_t connects = 0;
  std::uint64_t connect_failures = 0;
  DurationHistogram::Totals acquire_times;
  std::map<std::string_view, OperationTotals> operations;
};

/// The totals of each client, by its kind and name: workers may have their rows in another order.
using Clients = std::map<std::tuple<std::string_view, std::string_view>, ClientTotals>;

void add_operations(ClientTotals& totals, const ClientFigures& figures) {
  for (const auto& operation : figures.operations) {
    if (operation.name.empty()) continue;
    OperationTotals& sum = totals.operations[operation.name.get()];
    sum.times += operation.times.totals();
    for (std::size_t outcome = 0; outcome < sum.outcomes.size(); ++outcome) {
      sum.outcomes[outcome] += operation.outcomes[outcome].value();
    }
  }
}

void add_worker(Clients& clients, int worker) {
  for (const ClientFigures& figures : counters_of_worker(worker).clients.clients) {
    if (figures.kind.empty()) continue;
    ClientTotals& totals = clients[{figures.kind.get(), figures.name.get()}];
    totals.connects += figures.connects.value();
    totals.connect_failures += figures.connect_failures.value();
    totals.acquire_times += figures.acquire_times.totals();
    add_operations(totals, figures);
    if (!is_worker_alive(worker)) continue;
    totals.connections += figures.connections.value();
    totals.in_use += figures.in_use.value();
    totals.waiting += figures.waiting.value();
  }
}

/// Writes one family with a sample for each client.
template <class Member>
void write_each(Exposition& out, const Clients& clients, Type type, std::string_view family,
                std::string_view help, Member member) {
  out.begin(type, family, help);
  for (const auto& [key, totals] : clients) {
    const auto& [kind, name] = key;
    out.add({{"client", kind}, {"name", name}}, totals.*member);
  }
}

void write_operations(Exposition& out, const Clients& clients) {
  out.begin(Type::kCounter, "aiopyr_client_operations_total", "Operations of clients that ended.");
  for (const auto& [key, totals] : clients) {
    const auto& [kind, name] = key;
    for (const auto& [operation, sum] : totals.operations) {
      for (std::size_t outcome = 0; outcome < sum.outcomes.size(); ++outcome) {
        if (sum.outcomes[outcome] == 0) continue;
        out.add({{"client", kind},
                 {"name", name},
                 {"operation", operation},
                 {"result", metrics::kOutcomeNames[outcome]}},
                sum.outcomes[outcome]);
      }
    }
  }
  out.begin(Type::kHistogram, "aiopyr_client_operation_seconds",
            "From when an operation was asked for to when its caller went on.");
  for (const auto& [key, totals] : clients) {
    const auto& [kind, name] = key;
    for (const auto& [operation, sum] : totals.operations) {
      out.add({{"client", kind}, {"name", name}, {"operation", operation}}, sum.times);
    }
  }
}

}  // namespace

void write_client_metrics(Exposition& out) {
  Clients clients;
  for (int worker = 1; worker <= worker_count(); ++worker) add_worker(clients, worker);
  if (clients.empty()) return;
  write_each(out, clients, Type::kGauge, "aiopyr_client_connections", "Open connections.",
             &ClientTotals::connections);
  write_each(out, clients, Type::kGauge, "aiopyr_client_connections_in_use",
             "Connections with work.", &ClientTotals::in_use);
  write_each(out, clients, Type::kGauge, "aiopyr_client_waiting",
             "Callers that wait for a connection.", &ClientTotals::waiting);
  write_each(out, clients, Type::kCounter, "aiopyr_client_connects_total",
             "Connections that were made.", &ClientTotals::connects);
  write_each(out, clients, Type::kCounter, "aiopyr_client_connect_failures_total",
             "Attempts to connect that failed.", &ClientTotals::connect_failures);
  write_each(out, clients, Type::kHistogram, "aiopyr_client_acquire_seconds",
             "Waits for a connection, of those that had to wait.", &ClientTotals::acquire_times);
  write_operations(out, clients);
}

}  // namespace aiopyr::plugin

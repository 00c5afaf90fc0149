#include <memory>
#include <thread>

#include <aiopyr/runtime/base/client_figures.h>

namespace aiopyr::metrics {

namespace {

ClientFiguresTable own_table;
std::atomic<ClientFiguresTable*> used_table = &own_table;
/// The thread whose clients the table describes.
std::atomic<std::thread::id> owner;

/// Returns whether this is that thread; the first that asks becomes it.
bool is_owner() noexcept {
  const std::thread::id self = std::this_thread::get_id();
  std::thread::id found;
  return owner.compare_exchange_strong(found, self) || found == self;
}

}  // namespace

OperationFigures& ClientFigures::operation(std::string_view operation_name) noexcept {
  for (std::size_t row = 0; row < kOperations - 1; ++row) {
    OperationFigures& figures = operations[row];
    if (figures.name.empty()) figures.name.set(operation_name);
    if (figures.name.is(operation_name)) return figures;
  }
  if (operations.back().name.empty()) operations.back().name.set("other");
  return operations.back();
}

void ClientFigures::forget_gauges() noexcept {
  connections.set(0);
  in_use.set(0);
  waiting.set(0);
}

ClientFigures& ClientFiguresTable::client(std::string_view kind, std::string_view name) noexcept {
  for (std::size_t row = 0; row < kClients - 1; ++row) {
    ClientFigures& figures = clients[row];
    if (figures.kind.empty()) {
      figures.name.set(name);
      figures.kind.set(kind);
    }
    if (figures.kind.is(kind) && figures.name.is(name)) return figures;
  }
  if (clients.back().kind.empty()) {
    clients.back().name.set("of all further clients");
    clients.back().kind.set("other");
  }
  return clients.back();
}

void ClientFiguresTable::forget_gauges() noexcept {
  for (ClientFigures& figures : clients) figures.forget_gauges();
}

ClientFiguresTable& client_figures() {
  if (is_owner()) return *used_table;
  static thread_local const auto table = std::make_unique<ClientFiguresTable>();
  return *table;
}

void set_client_figures(ClientFiguresTable& table) noexcept {
  used_table = &table;
  owner = std::this_thread::get_id();
}

}  // namespace aiopyr::metrics

#include <aiopyr/runtime/base/client_figures.h>

namespace aiopyr::metrics {

namespace {

ClientFiguresTable own_table;
ClientFiguresTable* used_table = &own_table;

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

ClientFiguresTable& client_figures() noexcept { return *used_table; }

void set_client_figures(ClientFiguresTable& table) noexcept { used_table = &table; }

}  // namespace aiopyr::metrics

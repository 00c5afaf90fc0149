#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/clients/base/client_call.h>
#include <aiopyr/clients/base/pool.h>
#include <aiopyr/clients/postgres/connection/connection.h>
#include <aiopyr/clients/postgres/listener.h>
#include <aiopyr/clients/postgres/sharer.h>
#include <aiopyr/runtime/base/client_figures.h>

namespace aiopyr::postgres::detail {

/// The part that a Database and all that it has begun share. Loop thread only.
class DatabaseCore : public std::enable_shared_from_this<DatabaseCore> {
 public:
  DatabaseCore(Settings settings, NoticeHandler on_notice);

  /// Returns the statement of a text, which may be one that was asked before, and the types of
  /// values.
  [[nodiscard]] StatementPointer statement(std::string_view sql, const Parameters& parameters) {
    return statements_.find(sql, parameters);
  }
  /// Makes a request of a text and its values.
  [[nodiscard]] Request request(std::string_view sql, Parameters parameters);
  /// Sends what needs no connection of its own.
  void submit(std::shared_ptr<Exchange> exchange) { sharer_.submit(std::move(exchange)); }

  [[nodiscard]] clients::Pool<Connection>& pool() noexcept { return pool_; }
  [[nodiscard]] metrics::ClientFigures& figures() noexcept { return figures_; }
  [[nodiscard]] const std::shared_ptr<const Settings>& settings() const noexcept {
    return settings_;
  }
  [[nodiscard]] const std::shared_ptr<Listener>& listener() const noexcept { return listener_; }
  /// Closes what is free, and ends the subscriptions.
  void shut() noexcept {
    listener_->close();
    pool_.shut();
  }
  /// Makes a connection beside the pool.
  [[nodiscard]] Task<std::unique_ptr<Connection>> connect_alone();

 private:
  std::shared_ptr<const Settings> settings_;
  std::shared_ptr<const NoticeHandler> on_notice_;
  metrics::ClientFigures& figures_;
  StatementTable statements_;
  clients::Pool<Connection> pool_;
  Sharer sharer_;
  std::shared_ptr<Listener> listener_ = std::make_shared<Listener>();
};

/// Counts the end of `call` for the exception that is handled now.
void end_with_error(clients::ClientCall& call) noexcept;

}  // namespace aiopyr::postgres::detail

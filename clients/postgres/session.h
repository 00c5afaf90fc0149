#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/clients/base/client_call.h>
#include <aiopyr/clients/postgres/batch.h>
#include <aiopyr/clients/postgres/database_core.h>
#include <aiopyr/clients/postgres/transaction_options.h>
#include <aiopyr/clients/postgres/values/rows.h>

namespace aiopyr::postgres::detail {

/// A connection that one user has alone, with the transaction on it. The transaction begins with
/// the first statement, in the same round trip. Destroyed, it gives the connection back, and the
/// pool rolls back what is open. Loop thread only.
class Session {
 public:
  Session(std::shared_ptr<DatabaseCore> core, clients::Lease<Connection> lease,
          TransactionOptions options)
      : core_(std::move(core)), lease_(std::move(lease)), options_(options) {}

  /// Sends statements, with BEGIN before the first of all. Throws InvalidStateError once it has
  /// ended. The answers are those of `requests`, at the end of the batch's results.
  [[nodiscard]] std::shared_ptr<BatchExchange> send(std::vector<Request> requests,
                                                    const char* operation,
                                                    std::optional<TimePoint> deadline);
  /// Sends statements whose answers nobody waits for; for destructors.
  void send_and_forget(std::vector<std::string> commands) noexcept;

  /// Gives the connection back.
  void end() noexcept { lease_.release(); }

  [[nodiscard]] bool has_begun() const noexcept { return has_begun_; }
  [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(lease_); }
  [[nodiscard]] Connection& connection() const;
  [[nodiscard]] DatabaseCore& core() const noexcept { return *core_; }
  [[nodiscard]] const TransactionOptions& options() const noexcept { return options_; }
  /// Returns a name that is new in this session.
  [[nodiscard]] std::string new_name(std::string_view kind);
  /// Counts the whole, from its beginning.
  std::optional<clients::ClientCall> call;

 private:
  std::shared_ptr<DatabaseCore> core_;
  clients::Lease<Connection> lease_;
  TransactionOptions options_;
  bool has_begun_ = false;
  unsigned names_ = 0;
};

using SessionPointer = std::shared_ptr<Session>;

/// Takes a connection for a transaction.
[[nodiscard]] Task<SessionPointer> begin_session(std::shared_ptr<DatabaseCore> core,
                                                 TransactionOptions options, const char* operation);
[[nodiscard]] Task<Rows> ask_in(SessionPointer session, Request request, const char* operation);
[[nodiscard]] Task<std::vector<Rows>> ask_all_in(SessionPointer session,
                                                 std::vector<Request> requests,
                                                 const char* operation);

}  // namespace aiopyr::postgres::detail

#pragma once

#include <exception>
#include <string_view>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/base/client_figures.h>

namespace aiopyr {
class TaskContext;
}

namespace aiopyr::clients {

/// Measures one operation of a client, for the metrics of the instance and for the access log of
/// the request that waits for it. An object of the coroutine that waits: destroyed before end(), it
/// counts a cancelled operation.
///
///     TaskContext* const context = co_await task_context();
///     ClientCall call(figures, "postgres", "query", context);
///     ...
///     call.end(metrics::Outcome::kOk);
class ClientCall {
 public:
  /// `client` and `operation` are literals. `context` may be null.
  ClientCall(metrics::ClientFigures& figures, std::string_view client, std::string_view operation,
             TaskContext* context) noexcept
      : figures_(&figures), client_(client), operation_(operation), context_(context) {}
  ClientCall(const ClientCall&) = delete;
  ClientCall& operator=(const ClientCall&) = delete;
  ~ClientCall() { end(metrics::Outcome::kCancelled); }

  /// Counts nothing: what it measured goes on elsewhere.
  void forget() noexcept { figures_ = nullptr; }

  /// Counts the end; only the first call counts.
  void end(metrics::Outcome outcome) noexcept;

 private:
  metrics::ClientFigures* figures_;
  std::string_view client_;
  std::string_view operation_;
  TaskContext* context_;
  TimePoint begun_ = Clock::now();
};

/// Returns how an operation ended that threw `error`.
[[nodiscard]] metrics::Outcome outcome_of(const std::exception_ptr& error) noexcept;

}  // namespace aiopyr::clients

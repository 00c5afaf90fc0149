#include <utility>

#include <aiopyr/clients/base/client_call.h>
#include <aiopyr/runtime/async/tasks/task_context.h>
#include <aiopyr/runtime/base/client_errors.h>

namespace aiopyr::clients {

void ClientCall::end(metrics::Outcome outcome) noexcept {
  if (figures_ == nullptr) return;
  const Duration time = Clock::now() - begun_;
  std::exchange(figures_, nullptr)->operation(operation_).count(outcome, time);
  if (context_ != nullptr) context_->add_client_time(client_, time);
}

metrics::Outcome outcome_of(const std::exception_ptr& error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (const ClientTimeoutError&) {
    return metrics::Outcome::kTimeout;
  } catch (const TimeoutError&) {
    return metrics::Outcome::kTimeout;
  } catch (...) {
    return metrics::Outcome::kError;
  }
}

}  // namespace aiopyr::clients

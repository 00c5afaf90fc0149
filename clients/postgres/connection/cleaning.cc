#include <postgresql/libpq-fe.h>
#include <utility>
#include <vector>

#include <aiopyr/clients/postgres/connection/connection.h>

/// The work of a connection between its users: leaving a COPY, removing what one has left.
namespace aiopyr::postgres {

void Connection::begin_copy() {
  if (handle_ == nullptr) return;
  PQexitPipelineMode(handle_);
  watch_.stop();
  copying_ = true;
}

void Connection::end_copy() {
  copying_ = false;
  if (handle_ == nullptr) return;
  PQenterPipelineMode(handle_);
  watch_for(FdEvents::kRead);
}

bool Connection::is_clean() const noexcept {
  return flights_.empty() && !copying_ && !cancelling_ && !is_in_transaction();
}

Task<void> Connection::clean() { return clean_up(*this); }

/// Waits until the server has answered all that was sent.
Task<void> Connection::settle(Connection& self) {
  auto barrier = std::make_shared<BatchExchange>(std::vector<Request>());
  auto completion = BatchExchange::completion_of(barrier);
  self.send(std::move(barrier));
  const auto results = co_await clients::wait(completion);
}

Task<void> Connection::clean_up(Connection& self) {
  // An earlier clean-up was destroyed while its cancel was on the way, which may still reach the
  // server at any time.
  if (self.copying_ || self.cancelling_) {
    self.close();
    co_return;
  }
  if (!self.flights_.empty()) {
    self.cancelling_ = true;
    auto cancelling = cancel_running(self.handle_);
    co_await std::move(cancelling);
    self.cancelling_ = false;
    auto settling = settle(self);
    co_await std::move(settling);
  }
  if (self.is_in_transaction()) {
    auto request = Request{unprepared("rollback"), {}};
    auto rollback = std::make_shared<SingleExchange>(std::move(request));
    auto completion = SingleExchange::completion_of(rollback);
    self.send(std::move(rollback));
    const Result result = co_await clients::wait(completion);
  }
}

}  // namespace aiopyr::postgres

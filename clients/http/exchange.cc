#include <utility>

#include <aiopyr/clients/http/exchange.h>

namespace aiopyr::http {

Task<std::optional<std::uint64_t>> Exchange::open_body() {
  source_ = request_.body.source();
  return source_->open();
}

void Exchange::start(std::shared_ptr<Multi> multi, Plan plan) {
  transfer_ = std::make_unique<Transfer>(std::move(multi), std::move(plan));
  transfer_->start();
  if (source_ == nullptr || transfer_->is_done()) return;
  // Without the request's context, which a stream and its upload may outlive.
  pump_ = pump(this);
  if (pump_.start(&Exchange::on_pumped, this)) on_pumped(this);
}

/// Carries the body from its source to the transfer, a piece at a time.
Task<> Exchange::pump(Exchange* self) {
  Transfer& transfer = *self->transfer_;
  for (;;) {
    auto reading = self->source_->next();
    std::optional<std::string> piece = co_await std::move(reading);
    if (transfer.is_done()) co_return;
    if (!piece) break;
    if (piece->empty()) continue;
    transfer.feed(std::move(*piece));
    while (!transfer.wants_piece() && !transfer.is_done()) co_await transfer.has_room().wait();
    if (transfer.is_done()) co_return;
  }
  transfer.end_upload();
}

void Exchange::on_pumped(void* self) noexcept {
  auto& exchange = *static_cast<Exchange*>(self);
  try {
    exchange.pump_.take_result();
  } catch (...) {
    exchange.transfer_->fail(std::current_exception());
  }
}

}  // namespace aiopyr::http

#include <utility>

#include <aiopyr/clients/http/message/errors.h>
#include <aiopyr/clients/http/stream.h>
#include <aiopyr/clients/http/stream_state.h>

namespace aiopyr::http {

namespace {

Task<std::optional<std::string>> read_piece(std::shared_ptr<StreamState> state) {
  Exchange& exchange = *state->running->exchange;
  Transfer& transfer = exchange.transfer();
  for (;;) {
    std::string piece = transfer.take_body();
    if (!piece.empty()) co_return piece;
    if (transfer.is_done()) break;
    co_await transfer.changed().wait();
  }
  if (transfer.error()) std::rethrow_exception(transfer.error());
  exchange.place().release();
  co_return std::nullopt;
}

Task<std::string> read_rest(std::shared_ptr<StreamState> state, std::size_t max_body) {
  std::string body;
  for (;;) {
    auto reading = read_piece(state);
    std::optional<std::string> piece = co_await std::move(reading);
    if (!piece) co_return body;
    if (piece->size() > max_body - body.size()) {
      throw ResponseTooLargeError(state->running->request.context(),
                                  "the answer has more than " + std::to_string(max_body) + " bytes",
                                  Retry::kUseless);
    }
    body += *piece;
  }
}

}  // namespace

Stream::Stream(HeadParts head, std::shared_ptr<StreamState> state) noexcept
    : ResponseHead(std::move(head)), state_(std::move(state)) {}

Stream::Stream(Stream&&) noexcept = default;

Stream& Stream::operator=(Stream&& other) noexcept {
  if (this == &other) return *this;
  close();
  ResponseHead::operator=(std::move(other));
  state_ = std::move(other.state_);
  return *this;
}

Stream::~Stream() { close(); }

Task<std::optional<std::string>> Stream::read() { return read_piece(state_); }

Task<std::string> Stream::read_all(std::size_t max_body) { return read_rest(state_, max_body); }

void Stream::close() noexcept {
  if (!state_) return;
  Exchange& exchange = *state_->running->exchange;
  Transfer& transfer = exchange.transfer();
  // A read that waits wakes and throws; it keeps the state until then.
  if (!transfer.is_done()) {
    transfer.fail(std::make_exception_ptr(
        ConnectionLostError(transfer.context(), "the stream was closed", Retry::kUseless)));
  }
  exchange.place().release();
}

}  // namespace aiopyr::http

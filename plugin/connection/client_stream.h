#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/async/transport/transport.h>

namespace aiopyr::plugin {

/// The stream of a connection: owned, except while it is lent to a core of uWSGI's, which then
/// closes it. Can be written to in both states. On the loop's thread.
class ClientStream {
 public:
  explicit ClientStream(std::unique_ptr<Transport> transport) noexcept
      : transport_(std::move(transport)) {}
  ~ClientStream() {
    if (is_lent_) transport_->disown();
  }
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;

  [[nodiscard]] Transport& transport() const noexcept { return *transport_; }
  [[nodiscard]] int fd() const noexcept { return transport_->fd(); }

  [[nodiscard]] bool is_lent() const noexcept { return is_lent_; }
  /// Lends the stream: another owner closes it from now on.
  void lend() noexcept { is_lent_ = true; }
  /// Takes the stream back: its borrower will not close it.
  void take_back() noexcept { is_lent_ = false; }

  /// Gives the stream away for good. Requires: not lent.
  [[nodiscard]] std::unique_ptr<Transport> release() noexcept { return std::move(transport_); }

  /// Sends the answer to a request that is given up. Bytes that the stream does not take at once
  /// are dropped. Never waits.
  void answer_finally(std::string_view http) noexcept;

 private:
  std::unique_ptr<Transport> transport_;
  bool is_lent_ = false;
};

}  // namespace aiopyr::plugin

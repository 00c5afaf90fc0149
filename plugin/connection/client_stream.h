#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/async/transport/transport.h>

namespace aiopyr::plugin {

/// The stream of a connection: owned, but for the time in which it is lent to a core of uWSGI's,
/// which closes it then. Can be written to in both states. On the loop's thread.
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
  /// Says that somebody else owns the stream from here on.
  void lend() noexcept { is_lent_ = true; }
  /// Says that whoever had it will not close it.
  void take_back() noexcept { is_lent_ = false; }

  /// Gives the stream away for good. Requires: not lent.
  [[nodiscard]] std::unique_ptr<Transport> release() noexcept { return std::move(transport_); }

  /// Sends the answer to a request that is given up. What the stream does not take at once is
  /// dropped. Never waits.
  void answer_finally(std::string_view http) noexcept;

 private:
  std::unique_ptr<Transport> transport_;
  bool is_lent_ = false;
};

}  // namespace aiopyr::plugin

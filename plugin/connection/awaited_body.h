#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include <aiopyr/plugin/io/body_input.h>
#include <aiopyr/runtime/async/transport/transport.h>

namespace aiopyr::plugin {

/// The part of a request's body that is awaited before the request gets a core. The bytes are
/// counted in the socket, or read ahead if the socket cannot count. On the loop's thread.
class AwaitedBody {
 public:
  /// Awaits nothing: there is no body, or the request's head is not complete yet.
  AwaitedBody() noexcept = default;
  /// Awaits `worth` bytes in the socket, or reads the beginning of the body by `input`, which may
  /// be null. `rest` is how many bytes did not come with the head; nullopt for a body in chunks.
  /// `is_counted` is ClientOrigin::counts_input().
  AwaitedBody(std::optional<std::size_t> rest, std::size_t worth, std::unique_ptr<BodyInput> input,
              bool is_counted) noexcept;

  /// Returns how many bytes the socket has to hold before there is anything to do; 0 for any.
  [[nodiscard]] std::size_t awaited() const noexcept { return worth_; }
  /// Returns whether the request need not wait for more, as far as is known without a look.
  [[nodiscard]] bool is_enough() const noexcept {
    return worth_ == 0 && (input_ == nullptr || input_->is_enough());
  }
  /// Reads the arrived bytes of a body that is read ahead. Returns whether the request is ready for
  /// a core, as is one without such a body.
  [[nodiscard]] bool read_on(Transport& stream) noexcept;

  /// Returns whether the client has more of the body to send, as far as is known.
  [[nodiscard]] bool has_more_to_come(int fd) const noexcept;
  /// Returns how many bytes the socket has to hold for the body to be complete; nullopt if it
  /// cannot count, or if they are too many to lie there (kMostWhole).
  [[nodiscard]] std::optional<std::size_t> countable_rest() const noexcept;
  /// Returns how many bytes of the body have arrived.
  [[nodiscard]] std::size_t received(int fd) const noexcept;

  /// Gives away the bytes that were read ahead; null if there are none.
  [[nodiscard]] std::unique_ptr<BodyInput> release() noexcept { return std::move(input_); }

 private:
  static constexpr std::size_t kUnknown = SIZE_MAX;
  /// The most bytes that lie in the socket while the body waits for a core in which it can be read.
  static constexpr std::size_t kMostWhole = std::size_t{256} << 10U;

  [[nodiscard]] bool is_countable() const noexcept {
    return is_counted_ && input_ == nullptr && rest_ != kUnknown;
  }

  std::size_t worth_ = 0;
  std::size_t rest_ = 0;
  std::unique_ptr<BodyInput> input_;
  bool is_counted_ = false;
};

}  // namespace aiopyr::plugin

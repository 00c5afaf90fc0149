#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/transport/transport.h>
#include <aiopyr/runtime/web/http/file_body.h>

namespace aiopyr::plugin {

/// A response's body on its way to a client: from memory, or from a file. Without I/O of its own
/// but for the stream that it is given, which has to outlive it. On the loop's thread.
class OutgoingBody {
 public:
  /// Of a text of which the first `sent` bytes have left.
  OutgoingBody(Transport& stream, std::string text, std::size_t sent) noexcept;
  /// A part of a file. `plain`: the stream writes to its descriptor as it is, so that the
  /// kernel may copy.
  OutgoingBody(Transport& stream, std::shared_ptr<const FileBody> file, std::uint64_t offset,
               std::size_t length, bool plain) noexcept;

  enum class Progress { kAll, kSome, kFailed };

  /// What is to be sent before a file. Before anything is sent.
  void put_before(std::string head) noexcept { head_ = std::move(head); }

  /// Sends what the client takes now, and at most a part that leaves time for others. Never waits.
  /// Throws Error where a file has become shorter.
  Progress send_some();

  /// The bytes that the client has got.
  [[nodiscard]] std::size_t delivered() const noexcept;
  /// The bytes of memory that it holds.
  [[nodiscard]] std::size_t memory() const noexcept { return text_.capacity(); }
  [[nodiscard]] int fd() const noexcept { return stream_->fd(); }
  /// What a send that came to nothing waits for.
  [[nodiscard]] FdEvents wanted() const noexcept { return wanted_; }
  /// Keeps `room`, what it holds of ResponseTails' memory, for as long as it lives.
  void keep(std::shared_ptr<void> room) noexcept { room_ = std::move(room); }

 private:
  Transport::Result send_once();
  Transport::Result send_head() noexcept;
  Transport::Result send_text() noexcept;
  Transport::Result send_file_by_kernel();
  Transport::Result send_file_by_copy();

  std::shared_ptr<void> room_;
  Transport* stream_;
  std::string head_;
  std::string text_;
  std::shared_ptr<const FileBody> file_;
  std::uint64_t offset_ = 0;
  std::size_t length_;
  bool plain_ = false;
  std::size_t sent_ = 0;
  FdEvents wanted_ = FdEvents::kWrite;
};

}  // namespace aiopyr::plugin

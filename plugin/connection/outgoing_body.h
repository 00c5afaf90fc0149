#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/transport/transport.h>
#include <aiopyr/runtime/web/http/file_body.h>

namespace aiopyr::plugin {

/// A response's body on its way to a client: from memory, or from a file, to which a text may also
/// be moved on the way. The stream has to outlive it. On the loop's thread.
class OutgoingBody {
 public:
  /// Sends a text of which the first `sent` bytes have left.
  OutgoingBody(Transport& stream, std::string text, std::size_t sent) noexcept;
  /// Sends a part of a file. `plain`: the stream writes to its descriptor unchanged, so that the
  /// kernel may copy.
  OutgoingBody(Transport& stream, std::shared_ptr<const FileBody> file, std::uint64_t offset,
               std::size_t length, bool plain) noexcept;

  enum class Progress { kAll, kSome, kFailed };

  /// Sets the text to be sent before a file. Called before anything is sent.
  void put_before(std::string head) noexcept { head_ = std::move(head); }

  /// Sends as much as the client takes now, and at most a part that leaves time for others. Never
  /// waits. Throws FileShortenedError, and Error if the file cannot be read.
  Progress send_some();

  /// Returns the part of a text that has not left. Requires: the body is not a file.
  [[nodiscard]] std::string_view unsent_text() const noexcept {
    return std::string_view(text_).substr(sent_);
  }
  /// Continues from `file`, which holds unsent_text(), and frees the text. `plain`: see above.
  void move_to(std::shared_ptr<const FileBody> file, bool plain) noexcept;

  /// Returns how many bytes the client has got, of this body and of earlier output.
  [[nodiscard]] std::size_t delivered() const noexcept;
  /// Returns the bytes of memory that it holds while its client is waited for; 0 for a file.
  [[nodiscard]] std::size_t memory() const noexcept { return file_ ? 0 : text_.capacity(); }
  [[nodiscard]] int fd() const noexcept { return stream_->fd(); }
  /// Returns the event to wait for after a send without progress.
  [[nodiscard]] FdEvents wanted() const noexcept { return wanted_; }
  /// Keeps `room`, its part of a Budget, for as long as it lives.
  void keep(std::shared_ptr<void> room) noexcept { room_ = std::move(room); }

 private:
  Transport::Result send_once();
  Transport::Result send_head() noexcept;
  Transport::Result send_text() noexcept;
  Transport::Result send_file_by_kernel();
  Transport::Result send_file_by_copy();
  void release_text() noexcept;

  std::shared_ptr<void> room_;
  Transport* stream_;
  std::string head_;
  std::string text_;
  std::shared_ptr<const FileBody> file_;
  std::uint64_t offset_ = 0;
  std::size_t length_;
  bool plain_ = false;
  std::size_t before_ = 0;  // written before the first of them: its head, and what was on its way
  std::size_t sent_ = 0;
  FdEvents wanted_ = FdEvents::kWrite;
};

}  // namespace aiopyr::plugin

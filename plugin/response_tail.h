#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <aiopyr/plugin/unfinished_request.h>
#include <aiopyr/runtime/async/fd_watch.h>
#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/timer.h>
#include <aiopyr/runtime/async/transport.h>
#include <aiopyr/runtime/base/intrusive_list.h>
#include <aiopyr/runtime/web/file_body.h>

namespace aiopyr::plugin {

/// A response's body on its way to a connection that it owns: from memory, or from a file.
class OutgoingBody {
 public:
  /// Of a text of which the first `sent` bytes have left.
  OutgoingBody(std::unique_ptr<Transport> transport, std::string text, std::size_t sent) noexcept;
  /// A part of a file. `plain`: the transport writes to its descriptor as it is, so that the
  /// kernel may copy.
  OutgoingBody(std::unique_ptr<Transport> transport, std::shared_ptr<const FileBody> file,
               std::uint64_t offset, std::size_t length, bool plain) noexcept;

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
  [[nodiscard]] int fd() const noexcept { return transport_->fd(); }
  /// What a send that came to nothing waits for.
  [[nodiscard]] FdEvents wanted() const noexcept { return wanted_; }
  /// Gives the connection away, after kAll.
  [[nodiscard]] std::unique_ptr<Transport> release() noexcept { return std::move(transport_); }
  /// What it holds of ResponseTails' memory.
  void keep(std::shared_ptr<void> room) noexcept { room_ = std::move(room); }

 private:
  Transport::Result send_once();
  Transport::Result send_head() noexcept;
  Transport::Result send_text() noexcept;
  Transport::Result send_file_by_kernel();
  Transport::Result send_file_by_copy();

  std::shared_ptr<void> room_;
  std::unique_ptr<Transport> transport_;
  std::string head_;
  std::string text_;
  std::shared_ptr<const FileBody> file_;
  std::uint64_t offset_ = 0;
  std::size_t length_;
  bool plain_ = false;
  std::size_t sent_ = 0;
  FdEvents wanted_ = FdEvents::kWrite;
};

/// The responses of this worker that are left to their clients to read: they hold no core and no
/// fiber. A client that reads too slowly (aiopyr-write-timeout) is cut off. Together they hold
/// aiopyr-write-buffer bytes at most; beyond that a response keeps its core until it is read.
///
/// On the loop's thread, in the root context.
class ResponseTails {
 public:
  explicit ResponseTails(Loop& loop) noexcept;
  ~ResponseTails();
  ResponseTails(const ResponseTails&) = delete;
  ResponseTails& operator=(const ResponseTails&) = delete;

  /// Room for `bytes` for as long as the result lives; null where there is not so much.
  [[nodiscard]] std::shared_ptr<void> take_room(std::size_t bytes);

  [[nodiscard]] bool has_room(std::size_t bytes) const noexcept;

  /// Sends the rest. The connection is for its `next` request then, or closed (close_in_order())
  /// where there is to be none.
  void add(OutgoingBody body, std::optional<UnfinishedRequest> next);

  /// Those of which something is left to send.
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

  /// This worker's; null before its loop is made.
  static ResponseTails* current() noexcept;

 private:
  class Tail;

  void finish(Tail& tail);
  void remove(Tail& tail) noexcept;

  Loop& loop_;
  std::size_t count_ = 0;
  std::shared_ptr<std::size_t> memory_ = std::make_shared<std::size_t>(0);
  IntrusiveList<Tail> tails_;
};

}  // namespace aiopyr::plugin

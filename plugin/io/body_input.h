#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <aiopyr/runtime/async/transport/transport.h>
#include <aiopyr/runtime/http1/chunked_decoder.h>

namespace aiopyr::plugin {

/// The beginning of a request's body that is read before the request gets a core, where the kernel
/// cannot say how much of it is there: behind TLS, and in chunks. It is kept as it was sent; a view
/// reads it, and what is beyond kMost, through uWSGI.
///
/// On the loop's thread.
class BodyInput {
 public:
  /// So much is awaited; the rest of a longer one is read in the request's core.
  static constexpr std::size_t kMost = std::size_t{64} << 10U;

  /// `length` is nothing for a body in chunks, `begun` what came with the head. Throws
  /// std::bad_alloc.
  BodyInput(std::optional<std::size_t> length, std::string_view begun);
  ~BodyInput();
  BodyInput(const BodyInput&) = delete;
  BodyInput& operator=(const BodyInput&) = delete;

  /// Whether a view would not have to wait: all of it is here, or kMost, or so much that it is
  /// known to be malformed.
  [[nodiscard]] bool is_enough() const noexcept { return enough_; }
  /// Whether nothing more of it can come.
  [[nodiscard]] bool is_whole() const noexcept { return whole_; }
  /// Reads what has come. Where the connection has ended, or there is no memory, it is enough too:
  /// the view gets to see that.
  void read(Transport& connection) noexcept;

  /// What all of them hold, in bytes.
  [[nodiscard]] static std::size_t memory() noexcept;

  /// What was read so far.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Gives that away, in a buffer from malloc of uWSGI's `buffer-size` at least.
  [[nodiscard]] char* release() noexcept;

 private:
  [[nodiscard]] std::size_t wanted() const noexcept;
  [[nodiscard]] bool make_room(std::size_t bytes) noexcept;
  void look_at(std::string_view bytes) noexcept;

  std::optional<std::size_t> length_;
  ChunkedDecoder decoder_;
  char* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::size_t room_ = 0;
  bool enough_ = false;
  bool whole_ = false;
};

}  // namespace aiopyr::plugin

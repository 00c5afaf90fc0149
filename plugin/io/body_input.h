#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <aiopyr/runtime/async/transport/transport.h>
#include <aiopyr/runtime/http1/chunked_decoder.h>

namespace aiopyr::plugin {

/// The beginning of a request's body that is read before the request gets a core, if the kernel
/// cannot tell how much of it has arrived: with TLS, and in chunks. The bytes are kept as they were
/// sent; a view reads them, and those beyond kMost, through uWSGI.
///
/// On the loop's thread.
class BodyInput {
 public:
  /// The most bytes that are awaited; the rest of a longer body is read in the request's core.
  static constexpr std::size_t kMost = std::size_t{64} << 10U;

  /// `length` is nullopt for a body in chunks; `begun` are the bytes that came with the head.
  /// Throws std::bad_alloc.
  BodyInput(std::optional<std::size_t> length, std::string_view begun);
  ~BodyInput();
  BodyInput(const BodyInput&) = delete;
  BodyInput& operator=(const BodyInput&) = delete;

  /// Returns whether a view would not have to wait: all of it has arrived, or kMost, or enough to
  /// know that it is malformed.
  [[nodiscard]] bool is_enough() const noexcept { return enough_; }
  /// Returns whether nothing more of it can come.
  [[nodiscard]] bool is_whole() const noexcept { return whole_; }
  /// Reads the bytes that have arrived. The end of the connection, or a lack of memory, make it
  /// enough too: the view then meets that error.
  void read(Transport& connection) noexcept;

  /// Returns the bytes that all of them hold.
  [[nodiscard]] static std::size_t memory() noexcept;

  /// Returns the bytes read so far.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Gives away these bytes, in a buffer from malloc of at least uWSGI's `buffer-size`.
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

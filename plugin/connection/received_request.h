#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <aiopyr/plugin/io/read_buffers.h>

namespace aiopyr::plugin {

/// The received part of a request that is in no core: the beginning of a head, or a whole one as
/// variables, and the bytes after it. Take it out with std::exchange(received, {}).
struct ReceivedRequest {
  /// The parser's status while the bytes in the buffer have not been parsed.
  static constexpr std::int64_t kNotScanned = 0;

  ReadBuffer buffer;         ///< null before the first byte
  std::size_t position = 0;  ///< bytes in it
  std::int64_t status = kNotScanned;
  char* remains = nullptr;  ///< within `buffer`: the bytes after the head
  std::size_t remains_size = 0;
  std::string packet;           ///< a whole head, in uWSGI's format; empty before
  const char* https = nullptr;  ///< uWSGI's value for TLS; a literal
  std::uint16_t https_length = 0;

  /// Returns whether the client has sent anything.
  [[nodiscard]] bool has_begun() const noexcept { return position > 0; }
  [[nodiscard]] bool has_head() const noexcept { return !packet.empty(); }
  /// Returns whether it is for HEAD, as far as it has come: then no answer has a body.
  [[nodiscard]] bool is_for_head() const noexcept;
  /// Returns whether there are bytes of a head that no parser has seen.
  [[nodiscard]] bool is_to_be_scanned() const noexcept {
    return !has_head() && has_begun() && status == kNotScanned;
  }
};

}  // namespace aiopyr::plugin

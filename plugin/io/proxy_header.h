#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <netinet/in.h>
#include <string_view>

/// A proxy's header about its client at the beginning of a connection: the PROXY protocol, in its
/// versions 1 (a line) and 2 (binary), by HAProxy's specification. Read strictly: bytes that begin
/// as a header but are malformed are not a request either. No allocation, any thread.
namespace aiopyr::plugin {

/// A connection's ends as text, as a header names them; all empty if it names no internet address:
/// UNKNOWN, LOCAL (a proxy's own check), Unix sockets.
struct ProxiedEnds {
  struct End {
    std::array<char, INET6_ADDRSTRLEN> address_text{};
    std::array<char, 6> port_text{};
    [[nodiscard]] std::string_view address() const noexcept { return address_text.data(); }
    [[nodiscard]] std::string_view port() const noexcept { return port_text.data(); }
  };
  End source;
  End destination;
};

/// Describes the first bytes of a connection.
struct ProxyHeader {
  enum class Status : std::uint8_t {
    kNone,   ///< not a header
    kMore,   ///< the beginning of one, so far
    kWhole,  ///< a whole header, perhaps with more bytes after it
    kBad,    ///< a header that is malformed, or longer than kMost
  };
  /// The longest header; a line has at most 107 bytes, and longer ones have no use.
  static constexpr std::size_t kMost = 4096;

  Status status = Status::kNone;
  std::size_t size = 0;  ///< bytes of a whole header
  ProxiedEnds ends{};    ///< of a whole header
};

[[nodiscard]] ProxyHeader read_proxy_header(std::string_view bytes) noexcept;

}  // namespace aiopyr::plugin

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <netinet/in.h>
#include <string_view>

/// What a proxy says of its client in front of all else on a connection: the PROXY protocol, in its
/// versions 1 (a line) and 2 (binary), by HAProxy's specification. Read strictly: what begins as a
/// header and is none is no request either. No allocation, any thread.
namespace aiopyr::plugin {

/// A connection's ends as text, as a header names them; all empty where it names none that the
/// internet's protocols know: UNKNOWN, LOCAL (a proxy's own check), Unix sockets.
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

/// What the first bytes of a connection are.
struct ProxyHeader {
  enum class Status : std::uint8_t {
    kNone,   ///< no header
    kMore,   ///< as far as they go, the beginning of one
    kWhole,  ///< one, and perhaps more behind it
    kBad,    ///< one that is malformed, or longer than kMost
  };
  /// More has no use; a line has 107 bytes at most.
  static constexpr std::size_t kMost = 4096;

  Status status = Status::kNone;
  std::size_t size = 0;  ///< of a whole one: bytes
  ProxiedEnds ends{};    ///< of a whole one
};

[[nodiscard]] ProxyHeader read_proxy_header(std::string_view bytes) noexcept;

}  // namespace aiopyr::plugin

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::redis {

/// The settings of a Client. A URL's parameters of the same names go before them; those of times
/// take units (`timeout=500ms`).
struct Options {
  /// For a connection: look-up, TLS and login included.
  Seconds connect_timeout = 5;
  /// For an answer, from when it was asked. The shared connection is closed behind it, since the
  /// answer could still come.
  Seconds timeout = 5;
  /// For a connection of one's own (blocking commands, WATCH) to become free.
  Seconds acquire_timeout = 5;
  /// An idle connection is asked whether its server is there, that often.
  Seconds health_interval = 30;
  /// The most commands without answer, and bytes of commands that wait to be written.
  std::size_t max_pending = 10'000;
  std::size_t max_pending_bytes = std::size_t{64} * 1024 * 1024;
  /// The most connections for blocking commands and WATCH, and callers that wait for one.
  std::size_t pool = 8;
  std::size_t max_waiting = 256;
  /// The most events, and their bytes, that a subscription keeps until they are taken.
  std::size_t subscription_events = 1024;
  std::size_t subscription_bytes = std::size_t{16} * 1024 * 1024;
  /// The most bytes and elements of one reply.
  std::size_t max_reply = std::size_t{512} * 1024 * 1024;
  std::size_t max_elements = std::size_t{4} * 1024 * 1024;
  /// The name that CLIENT LIST shows; empty for none.
  std::string client_name;
  /// The newest protocol to speak: 3, or 2. An old server gets RESP2 in any case.
  std::uint32_t protocol = 3;
  /// Of `rediss://`: whether the server's certificate is verified, and the file with the
  /// authorities (PEM) to verify it with; empty for the system's.
  bool verify = true;
  std::string ca_file;
};

namespace detail {

/// The address of a client's server, and its settings: a URL that was read.
struct Target {
  enum class Kind : std::uint8_t { kTcp, kTls, kUnix, kSentinel };
  struct Host {
    std::string name;
    std::uint16_t port = 6379;
  };

  Kind kind = Kind::kTcp;
  std::vector<Host> hosts;  ///< several for Sentinel
  std::string path;         ///< of a Unix socket
  std::string master;       ///< the name that the sentinels know
  std::string user;
  std::string password;
  std::uint32_t database = 0;
  std::string shown;  ///< for messages: without user and password
  Options options;
};

/// Reads `redis://`, `rediss://`, `unix://` and `redis+sentinel://` URLs. Throws
/// ConfigurationError that says what is wrong.
[[nodiscard]] Target parse_target(std::string_view url, Options options);

}  // namespace detail
}  // namespace aiopyr::redis

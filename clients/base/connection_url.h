#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::clients {

/// A server's URL, as `redis://user:secret@host:6379/0?pool=4` (RFC 3986). Several hosts are
/// separated by commas, as in PostgreSQL's.
struct ConnectionUrl {
  struct Host {
    std::string name;                   ///< without the brackets of an IPv6 address
    std::optional<std::uint16_t> port;  ///< nullopt for the scheme's own
  };

  std::string scheme;  ///< in lower case
  std::string user;
  std::string password;
  std::vector<Host> hosts;
  std::string path;  ///< without its first slash, percent-decoded
  /// The parameters behind `?`. take() removes from it, so that what is left at the end is unknown.
  std::map<std::string, std::string, std::less<>> parameters;

  /// Reads a URL. Throws ConfigurationError that says what is wrong, without the password.
  [[nodiscard]] static ConnectionUrl parse(std::string_view url);

  /// Returns the URL without user and password, for messages.
  [[nodiscard]] std::string shown() const;

  // Remove a parameter and return its value; nullopt where it is missing. Throw ConfigurationError
  // for a value of another kind.
  std::optional<std::string> take(std::string_view name);
  std::optional<std::uint64_t> take_number(std::string_view name);
  /// Seconds, as `0.5`; or with a unit, as `500ms`, `2s`, `5min`.
  std::optional<Duration> take_duration(std::string_view name);
  std::optional<bool> take_bool(std::string_view name);

  /// Throws ConfigurationError where parameters are left: it names them, and `known` ones.
  void require_all_taken(std::string_view known) const;
};

}  // namespace aiopyr::clients

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/clients/base/pooled_connection.h>
#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::postgres {

/// The way to a database, and how much of it a process may use. A value without I/O, but for the
/// defaults that libpq reads from the environment (PGHOST, PGUSER and so on).
struct Settings {
  /// One server; an empty name is libpq's default, a Unix socket.
  struct Host {
    std::string name;     ///< a name, an address, or the folder of a Unix socket
    std::string address;  ///< `hostaddr`: connect there without looking up the name
    std::uint16_t port = 5432;

    [[nodiscard]] bool is_unix() const noexcept {
      return address.empty() && (name.empty() || name.front() == '/' || name.front() == '@');
    }
    /// Returns whether it is this machine itself, to which nobody else can listen.
    [[nodiscard]] bool is_local() const noexcept;
  };

  std::vector<Host> hosts;
  /// libpq's other parameters, by keyword.
  std::map<std::string, std::string, std::less<>> parameters;
  std::string shown;  ///< the address for messages, without user and password
  std::string name;   ///< the database's, or `name`, for metrics

  clients::PoolLimits pool;
  Duration connect_timeout = std::chrono::seconds(5);
  Duration query_timeout = std::chrono::seconds(30);  ///< zero for none
  std::size_t statement_cache = 200;  ///< prepared statements of a connection; 0 prepares none
  std::size_t pipeline = 256;         ///< the most queries that share a connection at a time
  bool is_pgbouncer = false;          ///< behind pgbouncer in transaction mode

  /// Reads `postgresql://user:secret@host:5432/name?pool_size=4`, or libpq's `host=... dbname=...`
  /// with the same parameters. Throws ConfigurationError that says what is wrong, without secrets.
  [[nodiscard]] static Settings parse(std::string_view text);

  static constexpr std::string_view kOwnParameters =
      "pool_size, pool_min_size, pool_queue, pool_connecting, acquire_timeout, connect_timeout, "
      "query_timeout, idle_timeout, max_lifetime, statement_cache, pipeline, pgbouncer, name";
};

}  // namespace aiopyr::postgres

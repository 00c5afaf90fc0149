#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/clients/redis/conversion.h>
#include <aiopyr/clients/redis/protocol/command.h>
#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::redis {

/// An entry of a stream.
struct StreamEntry {
  std::string id;  ///< such as `1700000000000-0`
  /// In their order; empty for one that was deleted, as XREADGROUP gives it.
  std::vector<std::pair<std::string, std::string>> fields;
};

/// Entries by the stream's key.
using StreamEntries = std::map<std::string, std::vector<StreamEntry>>;

/// Options of XADD.
struct StreamAddOptions {
  std::string id = "*";                                    ///< the server makes one
  std::optional<std::uint64_t> max_length = std::nullopt;  ///< MAXLEN ~: about so many are kept
};

/// Options of XREAD and XREADGROUP.
struct StreamReadOptions {
  std::optional<std::uint64_t> count = std::nullopt;
  /// Waits for entries, on a connection of its own: zero for ever; nullopt does not wait.
  std::optional<Seconds> block = std::nullopt;
  bool no_ack = false;  ///< of XREADGROUP: entries need no XACK
};

template <>
struct Conversion<StreamEntry> {
  static StreamEntry from(Value&& value);
};

namespace detail {

[[nodiscard]] Command xread_command(const std::vector<std::pair<std::string, std::string>>& streams,
                                    const StreamReadOptions& options);
[[nodiscard]] Command xreadgroup_command(
    std::string_view group, std::string_view consumer,
    const std::vector<std::pair<std::string, std::string>>& streams,
    const StreamReadOptions& options);

}  // namespace detail
}  // namespace aiopyr::redis

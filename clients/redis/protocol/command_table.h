#pragma once

#include <cstdint>
#include <string_view>

namespace aiopyr::redis {

/// The connections on which a command may be sent: it must not change what the other users of a
/// connection see, nor make them wait.
enum class CommandUse : std::uint8_t {
  kShared,       ///< anywhere
  kBlocking,     ///< waits at the server: on a connection of its own
  kMayBlock,     ///< waits where it has an argument BLOCK, as XREAD
  kTransaction,  ///< MULTI and its kind
  kSubscribing,  ///< changes what the connection receives
  kSettings,     ///< changes the connection: its database, user, protocol, replies
  kStreaming     ///< turns the connection into a feed that never ends
};

/// The facts about a command.
struct CommandTraits {
  std::string_view name;  ///< in upper case; a literal, with which metrics are counted
  CommandUse use = CommandUse::kShared;
};

/// Returns the row of the command that begins with `word`, in any case; the row `other` for one
/// that is not in the table, which may be sent anywhere.
[[nodiscard]] const CommandTraits& find_command(std::string_view word) noexcept;

/// Returns why `traits` may not be sent on the shared connection, and what to use instead; empty
/// where it may. `second` is the command's second word, empty for none; `blocks`: it has an
/// argument BLOCK.
[[nodiscard]] std::string_view refusal_on_shared(const CommandTraits& traits,
                                                 std::string_view second, bool blocks) noexcept;

}  // namespace aiopyr::redis

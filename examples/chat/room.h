#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "text.h"

/// A room: its people, and its latest messages. Plain state, without a connection or a clock; used
/// on the loop's thread.
namespace chat {

/// The number of messages that a room keeps.
inline constexpr std::size_t kHistory = 50;
/// The most connections in a room: each of them gets every message.
inline constexpr std::size_t kMaxConnections = 200;

struct Said {
  std::int64_t id = 0;
  std::string name{};
  std::string text{};
  std::string at{};
  /// The client's own name for it; may be empty.
  std::string ref{};
};

enum class Entrance : std::uint8_t {
  kNew,    ///< the name was free
  kAgain,  ///< one more connection of the same person
  kTaken,  ///< another person has that name
  kFull,
};

class Room {
 public:
  /// Numbers messages from `last_id` + 1.
  explicit Room(std::int64_t last_id) : last_id_(last_id) {}

  /// Enters a connection. Several may share a name if they have the same key, which only they know:
  /// the tabs of one browser, or a lost connection that was not noticed yet and the one that
  /// replaces it. Without a key a connection shares with none.
  Entrance enter(const Name& name, std::string_view key);
  /// Removes a connection; returns whether it was the last of that name. Requires: the name is
  /// there.
  bool leave(const std::string& folded_name);

  /// Adds a message to the history, with a number. Returns null, and adds nothing, if its author
  /// has already sent it, by its `ref`.
  const Said* say(Said said);

  /// Returns the name as its first owner has written it. Requires: the name is there.
  [[nodiscard]] const std::string& shown(const std::string& folded_name) const;
  /// Returns the names in alphabetical order.
  [[nodiscard]] std::vector<std::string> people() const;
  [[nodiscard]] std::size_t people_count() const noexcept { return people_.size(); }
  [[nodiscard]] const std::deque<Said>& history() const noexcept { return history_; }

 private:
  struct Person {
    std::string shown;
    std::string key;
    std::size_t connections = 1;
  };

  std::map<std::string, Person> people_;  // by their folded names
  std::size_t connections_ = 0;
  std::deque<Said> history_;
  std::int64_t last_id_;
};

}  // namespace chat

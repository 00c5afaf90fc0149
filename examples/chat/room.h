#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "text.h"

/// A room: who is in it, and what was said last. Plain state, without a connection or a clock; used
/// on the loop's thread.
namespace chat {

/// So many messages of a room are kept.
inline constexpr std::size_t kHistory = 50;
/// So many connections may be in a room: each of them gets everything that is said.
inline constexpr std::size_t kMaxConnections = 200;

struct Said {
  std::int64_t id = 0;
  std::string name{};
  std::string text{};
  std::string at{};
  /// What the client calls it; may be empty.
  std::string ref{};
};

enum class Entrance : std::uint8_t {
  kNew,    ///< nobody of that name was there
  kAgain,  ///< one more connection of somebody who is there already
  kTaken,  ///< somebody else has that name
  kFull,
};

class Room {
 public:
  /// Messages are numbered from `last_id` + 1.
  explicit Room(std::int64_t last_id) : last_id_(last_id) {}

  /// A connection comes in. Several may share a name, as the tabs of one browser do, and a
  /// connection that was lost but not noticed yet and the one that replaces it: if they have the
  /// same key, which only they know. Without a key nobody is the same.
  Entrance enter(const Name& name, std::string_view key);
  /// One of its connections goes; whether that was the last one. Requires: the name is there.
  bool leave(const std::string& folded_name);

  /// Adds it to the history, numbered. One that its author has said already, by its `ref`, is not
  /// added again: null.
  const Said* say(Said said);

  /// As it was written by who came first. Requires: the name is there.
  [[nodiscard]] const std::string& shown(const std::string& folded_name) const;
  /// In alphabetical order.
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

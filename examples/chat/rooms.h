#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "room.h"

namespace chat {

/// The most rooms: any visitor may open one, so their number, and their memory, has to be limited.
inline constexpr std::size_t kMaxRooms = 100;

/// The rooms of this worker process. On the loop's thread.
class Rooms {
 public:
  /// Returns milliseconds since 1970.
  using Clock = std::function<std::int64_t()>;

  explicit Rooms(Clock clock) : clock_(std::move(clock)) {}

  /// Returns the room of that name, made if necessary; it does not move while a person is in it. If
  /// there are too many, forgets the one that has been empty for longest; returns null if none is
  /// empty.
  Room* open(const std::string& name);
  /// Called when a person has left the room: forgets it if it is empty and never had a message.
  void close(const std::string& name);

  struct Listed {
    std::string name;
    std::size_t people;
  };
  /// Returns the rooms, those with the most people first.
  [[nodiscard]] std::vector<Listed> list() const;

  [[nodiscard]] std::int64_t now() const { return clock_(); }

 private:
  struct Kept {
    Room room;
    std::int64_t left_at;
  };

  [[nodiscard]] bool make_place();

  Clock clock_;
  std::map<std::string, Kept> rooms_;
};

}  // namespace chat

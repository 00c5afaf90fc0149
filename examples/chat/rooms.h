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

/// Anybody may open a room, so their number, and with it their memory, has to have an end.
inline constexpr std::size_t kMaxRooms = 100;

/// The rooms of this worker process. On the loop's thread.
class Rooms {
 public:
  /// Milliseconds since 1970.
  using Clock = std::function<std::int64_t()>;

  explicit Rooms(Clock clock) : clock_(std::move(clock)) {}

  /// The room of that name, a new one if need be; it stays where it is while somebody is in it. Of
  /// too many rooms the one that has been empty for longest is forgotten; null where none is empty.
  Room* open(const std::string& name);
  /// Somebody has left the room: where nobody is in it and nothing was ever said, it is forgotten.
  void close(const std::string& name);

  struct Listed {
    std::string name;
    std::size_t people;
  };
  /// Those with the most people first.
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

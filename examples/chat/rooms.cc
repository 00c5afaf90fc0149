#include "rooms.h"

#include <algorithm>

namespace chat {

Room* Rooms::open(const std::string& name) {
  const auto found = rooms_.find(name);
  if (found != rooms_.end()) return &found->second.room;
  if (rooms_.size() >= kMaxRooms && !make_place()) return nullptr;
  // Begins the numbers with the time, so that they continue to increase when the server restarts or
  // the room was forgotten: a client that comes back need not know.
  return &rooms_.emplace(name, Kept{Room(now()), now()}).first->second.room;
}

void Rooms::close(const std::string& name) {
  const auto found = rooms_.find(name);
  if (found == rooms_.end()) return;
  found->second.left_at = now();
  const Room& room = found->second.room;
  if (room.people_count() == 0 && room.history().empty()) rooms_.erase(found);
}

std::vector<Rooms::Listed> Rooms::list() const {
  std::vector<Listed> listed;
  for (const auto& [name, kept] : rooms_) listed.push_back({name, kept.room.people_count()});
  std::stable_sort(listed.begin(), listed.end(), [](const Listed& left, const Listed& right) {
    return left.people > right.people;
  });
  return listed;
}

bool Rooms::make_place() {
  auto oldest = rooms_.end();
  for (auto it = rooms_.begin(); it != rooms_.end(); ++it) {
    if (it->second.room.people_count() > 0) continue;
    if (oldest == rooms_.end() || it->second.left_at < oldest->second.left_at) oldest = it;
  }
  if (oldest == rooms_.end()) return false;
  rooms_.erase(oldest);
  return true;
}

}  // namespace chat

#include "room.h"

#include <algorithm>
#include <utility>

namespace chat {

Entrance Room::enter(const Name& name, std::string_view key) {
  const auto found = people_.find(name.folded);
  const bool is_there = found != people_.end();
  if (is_there && (key.empty() || key != found->second.key)) return Entrance::kTaken;
  if (connections_ == kMaxConnections) return Entrance::kFull;
  if (is_there) {
    ++found->second.connections;
  } else {
    people_.emplace(name.folded, Person{name.shown, std::string(key)});
  }
  ++connections_;
  return is_there ? Entrance::kAgain : Entrance::kNew;
}

bool Room::leave(const std::string& folded_name) {
  const auto found = people_.find(folded_name);
  --connections_;
  if (--found->second.connections > 0) return false;
  people_.erase(found);
  return true;
}

const Said* Room::say(Said said) {
  const auto is_the_same = [&](const Said& other) {
    return other.ref == said.ref && other.name == said.name;
  };
  if (!said.ref.empty() && std::any_of(history_.begin(), history_.end(), is_the_same)) {
    return nullptr;
  }
  said.id = ++last_id_;
  if (history_.size() == kHistory) history_.pop_front();
  return &history_.emplace_back(std::move(said));
}

const std::string& Room::shown(const std::string& folded_name) const {
  return people_.at(folded_name).shown;
}

std::vector<std::string> Room::people() const {
  std::vector<std::string> names;
  for (const auto& [folded, person] : people_) names.push_back(person.shown);
  return names;
}

}  // namespace chat

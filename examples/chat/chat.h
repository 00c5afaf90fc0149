#pragma once

#include <utility>

#include "rooms.h"
#include <aiopyr/aiopyr.h>

namespace chat {

/// What all connections and pages of this worker process share. On the loop's thread. The topics
/// are called like their rooms.
struct Chat {
  explicit Chat(Rooms of) : rooms(std::move(of)) {}

  Rooms rooms;
  aiopyr::Topics topics;
};

}  // namespace chat

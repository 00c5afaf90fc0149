#pragma once

#include <utility>

#include "rooms.h"
#include <aiopyr/aiopyr.h>

namespace chat {

/// The state that all connections and pages of this worker process share. On the loop's thread.
/// Each room has a topic of the same name.
struct Chat {
  explicit Chat(Rooms of) : rooms(std::move(of)) {}

  Rooms rooms;
  aiopyr::Topics topics;
};

}  // namespace chat

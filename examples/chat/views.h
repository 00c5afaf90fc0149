#pragma once

#include <memory>

#include "chat.h"
#include <aiopyr/aiopyr.h>

/// The parts of the chat. Each function adds the routes and views of one; app.cc calls them all.
namespace chat {

void add_pages(aiopyr::Configurator& config, const std::shared_ptr<Chat>& chat);   // pages.cc
void add_socket(aiopyr::Configurator& config, const std::shared_ptr<Chat>& chat);  // socket.cc
void add_layout(aiopyr::Configurator& config);                                     // layout.cc

/// The part of a route's pattern that takes a room's name: see is_room_name().
inline constexpr const char* kRoomPattern = "{room:[A-Za-z0-9_-]{1,40}}";

}  // namespace chat

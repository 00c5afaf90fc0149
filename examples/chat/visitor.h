#pragma once

#include <memory>
#include <string>

#include "chat.h"
#include "flood_limit.h"
#include "room.h"
#include <aiopyr/aiopyr.h>

namespace chat {

/// One connection's side of the protocol (docs/chat.md): handles the client's messages, and tells
/// the room. The destructor leaves the room, however the connection ends. On the loop's thread.
class Visitor {
 public:
  Visitor(std::shared_ptr<Chat> chat, aiopyr::Websocket& ws);
  ~Visitor();
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;

  /// Returns the answer; null for none. Never throws, whatever a client has sent.
  aiopyr::Json take(const aiopyr::Message& message);

 private:
  aiopyr::Json handle(const aiopyr::Json& request);
  aiopyr::Json join(const aiopyr::Json& request);
  aiopyr::Json welcome(std::int64_t since) const;
  void say(const aiopyr::Json& request);
  void tell_who_is_there(const char* what, const std::string& name);

  std::shared_ptr<Chat> chat_;
  aiopyr::Websocket& ws_;
  std::string room_name_;
  Room* room_ = nullptr;  // set once it has joined
  std::string folded_name_;
  std::string name_;
  FloodLimit flood_limit_;
};

}  // namespace chat

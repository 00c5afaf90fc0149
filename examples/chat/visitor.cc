#include "visitor.h"

#include <string_view>
#include <utility>

#include "refusal.h"
#include "text.h"
#include <aiopyr/runtime/web/http/json_parser.h>

namespace chat {

using namespace aiopyr;

namespace {

constexpr std::size_t kMaxText = 2000;
constexpr std::size_t kMaxToken = 64;
// The deepest nesting: requests are flat objects.
constexpr std::size_t kMaxDepth = 4;

/// The policy for a slow client. It gets the same as a visitor who enters now: the latest messages,
/// and only the last of the changes of the people. That is better than closing the connection: such
/// a client would leave and return again and again, visibly to all.
constexpr SlowClientPolicy kSlowClient{.when_slow = WhenSlow::kCoalesce, .capacity = kHistory};
constexpr const char* kPresence = "presence";

Json parse_request(const Message& message) {
  if (message.is_binary()) throw Refusal("malformed", "Messages are texts with JSON in them.");
  Json request;
  try {
    request = parse_json(message.view(), kMaxDepth);
  } catch (const HTTPBadRequest& error) {
    throw Refusal("malformed", error.detail());
  }
  if (!request.is_object()) throw Refusal("malformed", "A message is a JSON object.");
  return request;
}

const std::string& required_text(const Json& request, std::string_view field) {
  const auto found = request.find(field);
  if (found == request.end() || !found->is_string()) {
    throw Refusal("malformed", "The field " + std::string(field) + " has to be a text.");
  }
  return found->get_ref<const std::string&>();
}

/// Returns a value that the client has made up, such as `ref`; empty if there is none.
std::string token(const Json& request, std::string_view field) {
  if (!request.contains(field)) return {};
  const std::string& text = required_text(request, field);
  if (text.size() > kMaxToken) {
    throw Refusal("malformed", "The field " + std::string(field) + " has 64 bytes at most.");
  }
  return text;
}

/// Returns the id of the last message that the client has; 0 if it has none.
std::int64_t since_of(const Json& request) {
  const auto found = request.find("since");
  if (found == request.end()) return 0;
  if (!found->is_number_integer()) throw Refusal("malformed", "The field since has to be an id.");
  return found->get<std::int64_t>();
}

Name required_name(const Json& request) {
  const auto name = read_name(required_text(request, "name"));
  if (!name) throw Refusal("bad_name", "A name has 1 to 40 characters.");
  return *name;
}

std::string required_message(const Json& request) {
  const std::string_view text = trim(required_text(request, "text"));
  if (text.empty()) throw Refusal("empty", "There is nothing in this message.");
  if (count_characters(text) > kMaxText) {
    throw Refusal("too_long", "A message has 2000 characters at most.");
  }
  return std::string(text);
}

Json to_json(const Said& said) {
  Json json{{"id", said.id}, {"name", said.name}, {"text", said.text}, {"at", said.at}};
  if (!said.ref.empty()) json["ref"] = said.ref;
  return json;
}

Json to_json(const Refusal& refusal, const std::string& ref) {
  Json json{{"type", "error"}, {"code", refusal.code()}, {"text", refusal.what()}};
  if (!ref.empty()) json["ref"] = ref;
  return json;
}

}  // namespace

Visitor::Visitor(std::shared_ptr<Chat> chat, Websocket& ws)
    : chat_(std::move(chat)), ws_(ws), room_name_(ws.request().matchdict()["room"]) {}

Visitor::~Visitor() {
  if (room_ == nullptr) return;
  chat_->topics.unsubscribe(ws_, room_name_);
  if (room_->leave(folded_name_)) tell_who_is_there("left", name_);
  chat_->rooms.close(room_name_);
}

Json Visitor::take(const Message& message) {
  std::string ref;
  try {
    const bool is_flood = !flood_limit_.admit(Loop::require("a chat's visitor").now());
    const Json request = parse_request(message);
    ref = token(request, "ref");
    if (is_flood) {
      throw Refusal("too_fast",
                    "This is more than 20 messages in 5 seconds. Please wait a moment.");
    }
    return handle(request);
  } catch (const Refusal& refusal) {
    return to_json(refusal, ref);
  }
}

Json Visitor::handle(const Json& request) {
  const std::string& type = required_text(request, "type");
  if (type == "join") return join(request);
  // Answers the page's own pings: browsers do not show it those of the protocol.
  if (type == "ping") return {{"type", "pong"}};
  if (type != "message") throw Refusal("unknown_type", "The types are join, message and ping.");
  say(request);
  return {};
}

Json Visitor::join(const Json& request) {
  if (room_ != nullptr) throw Refusal("already_joined", "You are in the room already.");
  const Name name = required_name(request);
  const std::string key = token(request, "key");
  const std::int64_t since = since_of(request);

  Room* room = chat_->rooms.open(room_name_);
  if (room == nullptr)
    throw Refusal("no_room", "All rooms are in use. Please try one that is open.");
  const Entrance entrance = room->enter(name, key);
  if (entrance == Entrance::kTaken) {
    throw Refusal("name_taken", "Somebody called " + name.shown + " is in the room already.");
  }
  if (entrance == Entrance::kFull) throw Refusal("room_full", "This room is full.");

  room_ = room;
  folded_name_ = name.folded;
  name_ = room->shown(name.folded);
  chat_->topics.subscribe(ws_, room_name_, {.slow_client = kSlowClient});
  if (entrance == Entrance::kNew) tell_who_is_there("joined", name_);
  return welcome(since);
}

Json Visitor::welcome(std::int64_t since) const {
  Json history = Json::array();
  for (const Said& said : room_->history()) {
    if (said.id > since) history.push_back(to_json(said));
  }
  return {{"type", "welcome"},
          {"you", name_},
          {"people", room_->people()},
          {"history", std::move(history)}};
}

void Visitor::say(const Json& request) {
  if (room_ == nullptr) throw Refusal("not_joined", "Join the room before you say something.");
  const Said* said = room_->say({.name = name_,
                                 .text = required_message(request),
                                 .at = iso_time(chat_->rooms.now()),
                                 .ref = token(request, "ref")});
  if (said == nullptr) return;
  Json news{{"type", "message"}};
  news.update(to_json(*said));
  chat_->topics.publish_now(room_name_, news.dump());
}

/// Tells the others; the new visitor learns it from its welcome.
void Visitor::tell_who_is_there(const char* what, const std::string& name) {
  const Json news{{"type", what}, {"name", name}, {"people", room_->people()}};
  chat_->topics.publish_now(room_name_, news.dump(), {.key = kPresence, .except = &ws_});
}

}  // namespace chat

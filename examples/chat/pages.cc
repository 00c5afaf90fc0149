// The pages: the list of rooms, a room, and one for unknown URLs.
#include "text.h"
#include "views.h"

namespace chat {

using namespace aiopyr;

namespace {

std::string how_many(std::size_t people) {
  if (people == 0) return "nobody now";
  return people == 1 ? "1 person" : std::to_string(people) + " people";
}

std::string room_path(Request& request, const std::string& room) {
  return request.route_path("room", {{"room", room}});
}

Json home_page(const Chat& chat, Request& request) {
  Json rooms = Json::array();
  for (const auto& [name, people] : chat.rooms.list()) {
    rooms.push_back({{"name", name},
                     {"url", room_path(request, name)},
                     {"people", how_many(people)},
                     {"is_empty", people == 0}});
  }
  return {{"title", "Rooms"},
          {"rooms", std::move(rooms)},
          {"open_url", request.route_path("open")},
          {"lobby_url", room_path(request, "lobby")}};
}

Task<Json> home(std::shared_ptr<Chat> chat, Request& request) {
  co_return home_page(*chat, request);
}

/// Handles the form: leads to the room, or shows the form again.
Task<Json> open_room(std::shared_ptr<Chat> chat, Request& request) {
  const std::string room(trim(request.params().get("room", "")));
  if (is_room_name(room)) throw HTTPSeeOther(room_path(request, room));
  request.response().set_status(400);
  Json page = home_page(*chat, request);
  page["wrong"] = room;
  page["is_wrong"] = true;
  co_return page;
}

Json room_page(Request& request) {
  const std::string& room = request.matchdict()["room"];
  return {{"title", room},
          {"room", room},
          {"socket_url", request.route_path("socket", {{"room", room}})}};
}

Task<Json> room(Request& request) { co_return room_page(request); }

Json error_page(const HttpException& error, Request& request) {
  request.response().set_status(error.code());
  return {{"title", error.status()}, {"text", error.explanation()}};
}

Task<Json> client_error(const HTTPClientError& error, Request& request) {
  co_return error_page(error, request);
}

}  // namespace

void add_pages(Configurator& config, const std::shared_ptr<Chat>& chat) {
  config.add_route("home", "/");
  config.add_route("open", "/open");
  config.add_route("room", std::string("/room/") + kRoomPattern);

  const std::string list = "templates/home.html";
  config.add_view([chat](Request& request) { return home(chat, request); },
                  {.route_name = "home", .renderer = list});
  config.add_view([chat](Request& request) { return open_room(chat, request); },
                  {.route_name = "open", .renderer = list});
  config.add_view(room, {.route_name = "room", .renderer = "templates/room.html"});
  config.add_exception_view(client_error, {.renderer = "templates/message.html"});
}

}  // namespace chat

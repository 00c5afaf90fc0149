// Rooms to talk in: pages, a websocket for each room, all state in the worker. docs/chat.md
// describes it; configs/chat.ini serves it.
#include <chrono>

#include "views.h"

namespace chat {

using namespace aiopyr;

namespace {

std::int64_t milliseconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

void app(Configurator& config) {
  const auto chat = std::make_shared<Chat>(Rooms(milliseconds_now));
  add_layout(config);
  add_pages(config, chat);
  add_socket(config, chat);
}

}  // namespace chat

AIOPYR_APP(chat::app);

#include <array>
#include <cstddef>
#include <string_view>

#include <aiopyr/plugin/request/current_work.h>
#include <aiopyr/plugin/request/request_fiber.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/websocket/session/loop_websockets.h>
#include <aiopyr/websocket/session/websocket.h>

namespace aiopyr::plugin {

namespace {

/// A text of bounded length, which needs no memory.
template <std::size_t N>
class ShortText {
 public:
  void set(std::string_view text) noexcept {
    size_ = text.copy(bytes_.data(), N);  // which takes a null pointer, as before a head is read
  }
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.data(), size_}; }

 private:
  std::array<char, N> bytes_{};
  std::size_t size_ = 0;
};

struct Noted {
  enum class Kind { kNothing, kRequest, kOneOfRequests, kWebsocket };

  Kind kind = Kind::kNothing;
  std::size_t requests = 0;
  ShortText<16> method;
  ShortText<200> path;
  ShortText<100> route;
};
Noted noted;

std::string_view without_query(std::string_view target) noexcept {
  return target.substr(0, target.find('?'));
}

void note_request(const ServedRequest& served) noexcept {
  const wsgi_request& request = served.request;
  noted.kind = Noted::Kind::kRequest;
  noted.method.set({request.method, request.method_len});
  noted.path.set(without_query({request.uri, request.uri_len}));
  if (const Request* asked = served.notes.asked) noted.route.set(asked->matched_route());
}

void note_websocket(const Websocket& websocket) noexcept {
  noted.kind = Noted::Kind::kWebsocket;
  noted.path.set(websocket.request().path_info());
  noted.route.set(websocket.request().matched_route());
}

/// Returns the request whose fiber runs now, or has begun the code that runs in the root context;
/// null if there is none.
const ServedRequest* working_request() noexcept {
  const Loop* loop = Loop::current();
  if (loop == nullptr) return nullptr;
  const Fiber* fiber = loop->current_fiber();
  if (fiber == nullptr) fiber = loop->fiber_in_root();
  RequestFiber* const working = fiber != nullptr ? RequestFiber::of(*fiber) : nullptr;
  return working != nullptr ? &working->served() : nullptr;
}

void note_requests_in_flight() noexcept {
  for (RequestFiber& fiber : all_request_fibers()) {
    if (fiber.served().notes.asked == nullptr) continue;
    if (noted.requests++ == 0) note_request(fiber.served());
  }
  if (noted.requests > 1) noted.kind = Noted::Kind::kOneOfRequests;
}

std::string route_text() {
  const auto route = noted.route.view();
  return route.empty() ? std::string() : " (route " + std::string(route) + ")";
}

}  // namespace

void note_current_work() noexcept {
  noted = {};
  if (const ServedRequest* served = working_request()) return note_request(*served);
  if (const Websocket* websocket = websocket::Connections::of_this_thread().current()) {
    return note_websocket(*websocket);
  }
  note_requests_in_flight();
}

std::string describe_current_work() {
  std::string request =
      std::string(noted.method.view()) + " " + std::string(noted.path.view()) + route_text();
  switch (noted.kind) {
    case Noted::Kind::kNothing:
      return {};
    case Noted::Kind::kRequest:
      return request;
    case Noted::Kind::kOneOfRequests:
      return "one of " + std::to_string(noted.requests) + " requests, such as " + request;
    case Noted::Kind::kWebsocket:
      return "the websocket " + std::string(noted.path.view()) + route_text();
  }
  return {};
}

}  // namespace aiopyr::plugin

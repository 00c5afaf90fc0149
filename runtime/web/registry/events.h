#pragma once

#include <functional>
#include <string_view>
#include <typeindex>
#include <unordered_map>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/json/json.h>

namespace aiopyr {

class Registry;
class Request;
class Resource;
class Response;

/// Pyramid's events (pyramid.events): what happens to a request, in this order. Subscribers are
/// called on the request's fiber, in the order in which they were added; one that throws ends the
/// request as an exception of the view would. References hold for the call.

/// Behind the tweens, before the routes are asked.
struct NewRequest {
  Request& request;
};
/// The route, if any, is known; the root factory has not been called.
struct BeforeTraversal {
  Request& request;
};
/// Context, view name and subpath are known; the view has not been looked for.
struct ContextFound {
  Request& request;
};
/// After the response callbacks. Not sent where an exception went uncaught.
struct NewResponse {
  Request& request;
  Response& response;
};
/// A renderer is about to be called: what a subscriber adds to `system`, an object, a template can
/// use; the view's own values win.
struct BeforeRender {
  Request* request;  ///< null where a value is rendered outside of a request
  Resource* context;
  std::string_view renderer_name;
  const Json& value;
  Json& system;
};
/// The app is made; sent once, before any request.
struct ApplicationCreated {
  Registry& registry;
};

/// Who wants to hear of which events: an app may add kinds of its own, any class does. Written
/// while the app is configured, read-only afterwards.
class Subscribers {
 public:
  template <class E>
  void add(std::function<void(const E&)> subscriber) {
    by_type_[typeid(E)].push_back([subscriber = std::move(subscriber)](const void* event) {
      subscriber(*static_cast<const E*>(event));
    });
  }

  /// Whether anybody has subscribed to this class of event.
  template <class E>
  [[nodiscard]] bool any_of() const {
    return !by_type_.empty() && by_type_.contains(typeid(E));
  }

  /// Calls the subscribers of this class of event (registry.notify).
  template <class E>
  void notify(const E& event) const {
    if (by_type_.empty()) return;
    const auto found = by_type_.find(typeid(E));
    if (found == by_type_.end()) return;
    for (const auto& subscriber : found->second) subscriber(&event);
  }

 private:
  std::unordered_map<std::type_index, std::vector<std::function<void(const void*)>>> by_type_;
};

}  // namespace aiopyr

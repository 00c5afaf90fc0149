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
/// called on the request's fiber, in the order in which they were added; an exception ends the
/// request as one of the view would. References are valid during the call.

/// Sent after the tweens, before the routes are matched.
struct NewRequest {
  Request& request;
};
/// Sent when the route, if any, is known, and before the root factory is called.
struct BeforeTraversal {
  Request& request;
};
/// Sent when context, view name and subpath are known, and before the view is looked for.
struct ContextFound {
  Request& request;
};
/// Sent after the response callbacks. Not sent after an uncaught exception.
struct NewResponse {
  Request& request;
  Response& response;
};
/// Sent before a renderer is called. A template can use the values that a subscriber adds to
/// `system`, an object; the view's own values override them.
struct BeforeRender {
  Request* request;  ///< null if a value is rendered outside of a request
  Resource* context;
  std::string_view renderer_name;
  const Json& value;
  Json& system;
};
/// Sent once when the app is made, before any request.
struct ApplicationCreated {
  Registry& registry;
};

/// The subscribers of each class of event; any class may be an event of the app. Written while the
/// app is configured, read-only afterwards.
class Subscribers {
 public:
  template <class E>
  void add(std::function<void(const E&)> subscriber) {
    by_type_[typeid(E)].push_back([subscriber = std::move(subscriber)](const void* event) {
      subscriber(*static_cast<const E*>(event));
    });
  }

  /// Returns whether this class of event has a subscriber.
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

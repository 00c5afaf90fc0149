#pragma once

#include <functional>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/view_options.h>

namespace aiopyr {

class Registry;
struct ViewCallable;

/// What a view deriver is told of the view that it may wrap.
struct ViewDeriverInfo {
  Registry& registry;
  const ViewOptions& options;
  const ViewCallable& view;
  bool exception_only;  ///< it is an exception view
};

/// Wraps a view, once, when it is registered, or gives it back as it is (pyramid.viewderivers).
using ViewDeriver = std::function<ViewFunction(ViewFunction view, const ViewDeriverInfo& info)>;

/// Where a deriver stands: `over` is nearer to the request, `under` nearer to the view. The names
/// of the others are, from the outside: timed_view, secured_view, csrf_view, owrapped_view,
/// http_cached_view, decorated_view, rendered_view. Without both it comes between the last two;
/// none may be under rendered_view, since there is no Response yet.
struct ViewDeriverOptions {
  std::string name{};  ///< the callable's own name where it is empty
  std::string over{};
  std::string under{};
};

/// The derivers in their order; predicates stand outside of all of them. While the app is
/// configured only.
class ViewDerivers {
 public:
  ViewDerivers();

  /// Throws ConfigurationError for a name that is taken, and a place under rendered_view.
  void add(ViewDeriverOptions options, ViewDeriver deriver);

  /// Puts all of them around a view that is mapped and rendered. Throws ConfigurationError where
  /// they have no order.
  [[nodiscard]] ViewFunction derive(ViewFunction view, const ViewDeriverInfo& info) const;

 private:
  struct Entry {
    ViewDeriverOptions options;
    ViewDeriver deriver;
  };
  std::vector<Entry> entries_;
};

}  // namespace aiopyr

#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/views/view_options.h>

namespace aiopyr {

class Registry;
struct ViewCallable;

/// Describes the view that a deriver may wrap.
struct ViewDeriverInfo {
  Registry& registry;
  const ViewOptions& options;
  const ViewCallable& view;
  bool exception_only;  ///< it is an exception view
};

/// Wraps a view when it is registered, or returns it unchanged (pyramid.viewderivers).
using ViewDeriver = std::function<ViewFunction(ViewFunction view, const ViewDeriverInfo& info)>;

/// The name and the place of a deriver. It is nearer to the request than the derivers in `over`,
/// and nearer to the view than those in `under`; of each list at least one has to exist. Those of
/// every app are, from the outside: timed_view, secured_view, csrf_view, owrapped_view,
/// http_cached_view, decorated_view, rendered_view; INGRESS and VIEW are the ends. As in Pyramid,
/// an empty `under` stands for decorated_view, and an empty `over` for rendered_view. None may be
/// under rendered_view, since there is no Response yet. A deriver with an empty `under` that is
/// over decorated_view or one above that, which Pyramid refuses, stands right above the outermost
/// that it is over; then no other is outside of secured_view unless it asks to be over that or
/// under INGRESS.
struct ViewDeriverOptions {
  std::string name{};  ///< the callable's own name where it is empty
  StringList over{};
  StringList under{};
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

  /// Returns the names from the request down to the renderer, in Pyramid's order if it has one.
  /// Throws as derive() does.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  [[nodiscard]] const ViewDeriver& named(const std::string& name) const;

  struct Entry {
    ViewDeriverOptions options;
    ViewDeriver deriver;
  };
  std::vector<Entry> entries_;  // those of every app first
  std::size_t own_;             // how many these are
};

}  // namespace aiopyr

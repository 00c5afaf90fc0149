#include <utility>

#include <aiopyr/runtime/web/views/view_callable.h>

namespace aiopyr::detail {

namespace {

/// Makes a view of this kind, still without the function to call.
ViewCallable view_of(ViewKind kind, std::string name, bool returns_value, ContextType context) {
  ViewCallable view;
  view.kind = kind;
  view.name = std::move(name);
  view.context = context;
  view.returns_value = returns_value;
  return view;
}

}  // namespace

ViewCallable plain_view(std::string name, ViewCall call, bool returns_value, ContextType context) {
  ViewCallable view = view_of(ViewKind::kPlain, std::move(name), returns_value, context);
  view.plain = std::move(call);
  return view;
}

ViewCallable coroutine_view(std::string name, ViewCall call, bool returns_value,
                            ContextType context) {
  ViewCallable view = view_of(ViewKind::kCoroutine, std::move(name), returns_value, context);
  view.on_loop = std::move(call);
  return view;
}

}  // namespace aiopyr::detail

#include <utility>

#include <aiopyr/runtime/web/views/view_callable.h>

namespace aiopyr::detail {

ViewCallable plain_view(std::string name, ViewCall call, bool returns_value, ContextType context) {
  ViewCallable view;
  view.kind = ViewKind::kPlain;
  view.name = std::move(name);
  view.plain = std::move(call);
  view.context = context;
  view.returns_value = returns_value;
  return view;
}

ViewCallable coroutine_view(std::string name, ViewCall call, bool returns_value,
                            ContextType context) {
  ViewCallable view;
  view.kind = ViewKind::kCoroutine;
  view.name = std::move(name);
  view.on_loop = std::move(call);
  view.context = context;
  view.returns_value = returns_value;
  return view;
}

}  // namespace aiopyr::detail

#pragma once

#include <aiopyr/runtime/web/registry.h>

namespace aiopyr::detail {

/// Finds context, view name and subpath of a request and notes them in it. With a route the context
/// is the root and the view name is empty; without one the path is walked: the root has no children
/// here, so its first segment is the view's name and the rest the subpath.
void traverse(const Registry& registry, Request& request);

}  // namespace aiopyr::detail

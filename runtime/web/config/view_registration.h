#pragma once

#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/views/view_callable.h>
#include <aiopyr/runtime/web/views/view_options.h>

namespace aiopyr::detail {

/// Maps a view, wraps it in its renderer and all derivers, and adds it to the registry. Throws
/// ConfigurationError for a route, a renderer or a template that does not exist, a view that the
/// mapper refuses, and a view that returns values and has no renderer.
void register_view(Registry& registry, const ViewCallable& view, const ViewOptions& options);

/// Returns the class of contexts that a registration is for.
[[nodiscard]] ContextType context_of(const ViewCallable& view, const ViewOptions& options);

}  // namespace aiopyr::detail

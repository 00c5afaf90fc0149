#pragma once

#include <functional>
#include <source_location>
#include <vector>

namespace aiopyr {

class Configurator;

/// A view that was declared beside its function, for Configurator::scan() to add. A plain value.
struct DeclaredView {
  std::function<void(Configurator&)> add;
  std::source_location where;
};

using DeclaredViews = std::vector<DeclaredView>;

namespace detail {

/// Returns the declarations of the shared object, or program, that this is compiled into. Several
/// apps are loaded into one process and each must only find its own, so the linker may not merge
/// them.
__attribute__((visibility("hidden"))) inline DeclaredViews& declared_views() {
  static DeclaredViews views;
  return views;
}

}  // namespace detail

}  // namespace aiopyr

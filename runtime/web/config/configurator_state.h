#pragma once

#include <source_location>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/config/configurator.h>

namespace aiopyr {

/// The state that the configurators of an app and of its includes share.
struct Configurator::State {
  /// A view that names another view as its wrapper.
  struct Wrapped {
    std::string view;
    std::string wrapper;
    std::source_location where;
  };

  detail::Actions actions;
  std::vector<detail::AddOn> add_ons;  // functions that were included
  std::vector<Wrapped> wrapped;        // views that were carried out
  int includes = 0;
  int unique_titles = 0;
  bool is_frozen = false;
  bool commits_at_once = false;
};

}  // namespace aiopyr

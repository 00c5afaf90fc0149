#pragma once

#include <source_location>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/config/configurator.h>

namespace aiopyr {

/// What the configurators of an app and of its includes share while it is configured.
struct Configurator::State {
  /// A view that names another to be put around it.
  struct Wrapped {
    std::string view;
    std::string wrapper;
    std::source_location where;
  };

  detail::Actions actions;
  std::vector<detail::AddOn> add_ons;  // that were included
  std::vector<Wrapped> wrapped;        // as they were carried out
  int includes = 0;
  int unique_titles = 0;
  bool is_frozen = false;
  bool commits_at_once = false;
};

}  // namespace aiopyr

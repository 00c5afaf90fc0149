#pragma once

#include <string>

namespace aiopyr {

/// The keyword arguments of Configurator::include.
struct IncludeOptions {
  std::string route_prefix{};  ///< prefix of each pattern that the included function adds
};

}  // namespace aiopyr

#pragma once

#include <functional>
#include <map>
#include <string>

namespace aiopyr {

/// Pyramid's deployment settings, from `aiopyr-set = key=value`. Written while the app is
/// configured; read-only, and so shared by all requests and threads, from then on.
using Settings = std::map<std::string, std::string, std::less<>>;

}  // namespace aiopyr

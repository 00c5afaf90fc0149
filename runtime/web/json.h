#pragma once

#include <nlohmann/json.hpp>

namespace aiopyr {

/// A JSON value. Objects keep the order in which members were added, as Python's dict does.
using Json = nlohmann::ordered_json;

}  // namespace aiopyr

// Compiled once, in json.cc, and not by everybody who includes this.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;

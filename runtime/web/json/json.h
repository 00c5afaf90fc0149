#pragma once

// Keeps <filesystem> out of every app: paths become JSON as the strings that they convert to.
#ifndef JSON_HAS_FILESYSTEM
#define JSON_HAS_FILESYSTEM 0
#endif
#include <nlohmann/json.hpp>

namespace aiopyr {

/// A JSON value. Objects keep the order in which members were added, as Python's dict does.
using Json = nlohmann::ordered_json;

}  // namespace aiopyr

// Compiled once, in json.cc, and not in every file that includes this.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;

#pragma once

#include <string>

#include <aiopyr/runtime/web/json/json.h>

namespace aiopyr {

/// Returns a value as compact JSON, in UTF-8. Bytes in its texts that are not UTF-8 become U+FFFD;
/// a number that JSON cannot write (NaN, infinity) becomes null. Any thread.
///
/// Gives the same bytes as Json::dump at a fraction of its cost: dump is made for indented text and
/// any stream.
[[nodiscard]] std::string write_json(const Json& value);

}  // namespace aiopyr

#pragma once

#include <string>

#include <aiopyr/runtime/web/json/json.h>

namespace aiopyr {

/// A value as compact JSON, in UTF-8. Bytes in its texts that are not UTF-8 become U+FFFD; a number
/// that JSON has no digits for becomes null. Any thread.
///
/// The same bytes as Json::dump gives, at a fraction of its cost: that one is made for indented
/// text, into any stream.
[[nodiscard]] std::string write_json(const Json& value);

}  // namespace aiopyr

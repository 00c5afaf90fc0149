#pragma once

#include <cstddef>
#include <string_view>

#include <aiopyr/runtime/web/json/json.h>

namespace aiopyr {

/// The deepest nesting of arrays and objects in a client's JSON: enough for any API, and shallow
/// enough for code that walks the value recursively on a fiber's stack.
inline constexpr std::size_t kMaxJsonDepth = 200;

/// Parses a client's JSON (RFC 8259). The members of objects keep their order; of a name given
/// twice the last value counts, as in Python. Takes nearly linear time in the size of the text,
/// whatever names it contains. Throws HTTPBadRequest with line, column and byte if it is malformed,
/// not UTF-8, or nested deeper than `max_depth`, and for an integer that does not fit into 64 bits.
/// Any thread.
[[nodiscard]] Json parse_json(std::string_view text, std::size_t max_depth = kMaxJsonDepth);

}  // namespace aiopyr

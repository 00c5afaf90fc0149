#pragma once

#include <cstddef>
#include <string_view>

#include <aiopyr/runtime/web/json/json.h>

namespace aiopyr {

/// How deeply arrays and objects of a client's JSON may be nested: enough for any API, and little
/// enough for code that walks the value recursively on a fiber's stack.
inline constexpr std::size_t kMaxJsonDepth = 200;

/// Parses a client's JSON (RFC 8259). The members of objects keep their order; of a name given
/// twice the last value counts, as in Python. Takes time as good as linear in the size of the text,
/// whatever names its author chooses. Throws HTTPBadRequest with line, column and byte where it is
/// malformed, not UTF-8, or nested deeper than `max_depth`, and for an integer that 64 bits do not
/// hold exactly. Any thread.
[[nodiscard]] Json parse_json(std::string_view text, std::size_t max_depth = kMaxJsonDepth);

}  // namespace aiopyr

#pragma once

#include <string>
#include <string_view>

namespace aiopyr {

/// Escapes a name to stand within the quotes of a part's Content-Disposition, as browsers do (HTML,
/// multipart/form-data encoding algorithm). Any thread.
[[nodiscard]] std::string in_form_quotes(std::string_view name);

}  // namespace aiopyr

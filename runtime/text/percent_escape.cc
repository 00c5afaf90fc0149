#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/percent_escape.h>

namespace aiopyr {

bool is_percent_escape(std::string_view text, std::size_t at) noexcept {
  return text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 &&
         hex_value(text[at + 2]) >= 0;
}

std::optional<std::size_t> find_bad_escape(std::string_view text) noexcept {
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    if (!is_percent_escape(text, at)) return at;
  }
  return std::nullopt;
}

}  // namespace aiopyr

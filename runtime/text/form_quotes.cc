#include <aiopyr/runtime/text/form_quotes.h>

namespace aiopyr {

std::string in_form_quotes(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '"') {
      text += "%22";
    } else if (c == '\r') {
      text += "%0D";
    } else if (c == '\n') {
      text += "%0A";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace aiopyr

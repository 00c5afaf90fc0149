#include <aiopyr/runtime/base/one_line.h>

namespace aiopyr {

std::string one_line(std::string_view text) {
  constexpr char kDelete = 0x7F;
  std::string line;
  line.reserve(text.size());
  for (const char c : text) {
    if (c == '\n') {
      line += "\\n";
    } else if (c == '\r') {
      line += "\\r";
    } else {
      line += static_cast<unsigned char>(c) < ' ' || c == kDelete ? ' ' : c;
    }
  }
  return line;
}

}  // namespace aiopyr

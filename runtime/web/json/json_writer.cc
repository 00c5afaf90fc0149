#include <array>
#include <charconv>

#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/json/json_writer.h>

namespace aiopyr {
namespace {

/// Initial room for a small answer, so that it does not grow in steps.
constexpr std::size_t kUsualSize = 240;

/// Writes values by nlohmann's dump: rare ones, and those that can be written in several ways.
std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Returns the escape of each character within quotes (RFC 8259 section 7): 0 for the character
/// itself, `u` for \u00XX, else the letter behind the backslash.
consteval std::array<char, 256> make_escapes() {
  std::array<char, 256> escapes{};
  for (std::size_t control = 0; control < 0x20; ++control) escapes[control] = 'u';
  escapes['\b'] = 'b';
  escapes['\t'] = 't';
  escapes['\n'] = 'n';
  escapes['\f'] = 'f';
  escapes['\r'] = 'r';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}

constexpr std::array<char, 256> kEscapes = make_escapes();

char escape_of(char c) noexcept { return kEscapes[static_cast<unsigned char>(c)]; }

void write_escaped(char c, std::string& out) {
  const char escape = escape_of(c);
  out.append(1, '\\').append(1, escape);
  if (escape != 'u') return;
  static constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out.append("00").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
}

void write_text(const std::string& text, std::string& out) {
  if (find_utf8_error(text)) {
    out += dump(Json(text));
    return;
  }
  out += '"';
  std::size_t written = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (escape_of(text[at]) == 0) continue;
    out.append(text, written, at - written);
    write_escaped(text[at], out);
    written = at + 1;
  }
  out.append(text, written);
  out += '"';
}

template <class Integer>
void write_integer(Integer number, std::string& out) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void write(const Json& value, std::string& out);

void write_object(const Json::object_t& members, std::string& out) {
  out += '{';
  bool is_first = true;
  for (const auto& [name, member] : members) {
    if (!is_first) out += ',';
    is_first = false;
    write_text(name, out);
    out += ':';
    write(member, out);
  }
  out += '}';
}

void write_array(const Json::array_t& items, std::string& out) {
  out += '[';
  bool is_first = true;
  for (const Json& item : items) {
    if (!is_first) out += ',';
    is_first = false;
    write(item, out);
  }
  out += ']';
}

void write(const Json& value, std::string& out) {
  switch (value.type()) {
    case Json::value_t::object:
      return write_object(value.get_ref<const Json::object_t&>(), out);
    case Json::value_t::array:
      return write_array(value.get_ref<const Json::array_t&>(), out);
    case Json::value_t::string:
      return write_text(value.get_ref<const std::string&>(), out);
    case Json::value_t::number_integer:
      return write_integer(value.get_ref<const Json::number_integer_t&>(), out);
    case Json::value_t::number_unsigned:
      return write_integer(value.get_ref<const Json::number_unsigned_t&>(), out);
    case Json::value_t::boolean:
      out += value.get_ref<const bool&>() ? "true" : "false";
      return;
    case Json::value_t::null:
      out += "null";
      return;
    case Json::value_t::number_float:
    case Json::value_t::binary:
    case Json::value_t::discarded:
      break;
  }
  out += dump(value);
}

}  // namespace

std::string write_json(const Json& value) {
  std::string out;
  if (value.is_structured()) out.reserve(kUsualSize);
  write(value, out);
  return out;
}

}  // namespace aiopyr

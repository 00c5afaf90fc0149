#include <algorithm>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/http/cookies.h>
#include <aiopyr/runtime/web/http/http_date.h>

namespace aiopyr {
namespace {

constexpr std::string_view kForgottenDate = "Wed, 31-Dec-97 23:59:59 GMT";

/// Returns whether `c` is a cookie-octet of RFC 6265 section 4.1.1.
bool is_cookie_octet(char c) noexcept {
  return c > 0x20 && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\';
}

bool is_octal_escape(std::string_view text) noexcept {
  const auto digit = [&](std::size_t i, char max) { return text[i] >= '0' && text[i] <= max; };
  return text.size() >= 3 && digit(0, '3') && digit(1, '7') && digit(2, '7');
}

/// Undoes the escapes of Python's cookies; they occur in quoted values, and WebOb undoes them in
/// others too.
std::string unescape(std::string_view text) {
  std::string value;
  while (!text.empty()) {
    if (text[0] == '\\' && is_octal_escape(text.substr(1))) {
      value += static_cast<char>((text[1] - '0') * 64 + (text[2] - '0') * 8 + text[3] - '0');
      text.remove_prefix(4);
      continue;
    }
    if (text[0] == '\\' && text.size() > 1) text.remove_prefix(1);
    value += text[0];
    text.remove_prefix(1);
  }
  return value;
}

/// Returns the position of the first `;` without a backslash before it, or the end.
std::size_t find_end(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == ';') {
      return i;
    }
  }
  return text.size();
}

/// Returns the length of the value at the front of `text`: up to a `;` that is neither escaped nor
/// within quotes. Quotes that are never closed are ordinary characters.
std::size_t value_length(std::string_view text) noexcept {
  const auto start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos || text[start] != '"') return find_end(text);
  for (std::size_t i = start + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return std::min(text.find(';', i), text.size());
    }
  }
  return find_end(text);
}

std::string decode_value(std::string_view raw) {
  raw = trim_whitespace(raw);
  const bool quoted = raw.size() >= 2 && raw.front() == '"' && raw.back() == '"';
  std::string value = unescape(quoted ? raw.substr(1, raw.size() - 2) : raw);
  if (find_utf8_error(value)) value = latin1_to_utf8(value);
  return value;
}

bool is_attribute_name(std::string_view name) noexcept {
  static constexpr std::string_view kNames[] = {"path",    "comment", "domain",   "max-age",
                                                "expires", "secure",  "httponly", "samesite"};
  return std::any_of(std::begin(kNames), std::end(kNames), [name](std::string_view known) {
    return name.size() == known.size() && ascii_iequals(name, known);
  });
}

/// Returns whether WebOb accepts a name: a token, but not `$Version` and the like, nor an
/// attribute's name.
bool is_cookie_name(std::string_view name) noexcept {
  return is_http_token(name) && name[0] != '$' && !is_attribute_name(name);
}

std::string quote_value(std::string_view value) {
  if (std::all_of(value.begin(), value.end(), is_cookie_octet)) return std::string(value);
  std::string result = "\"";
  for (const char c : value) {
    if (is_cookie_octet(c) || c == ' ') {
      result += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    const auto digit = [byte](int shift) { return static_cast<char>('0' + ((byte >> shift) & 7)); };
    result += {'\\', digit(6), digit(3), digit(0)};
  }
  return result + '"';
}

void check_attribute(std::string_view name, std::string_view value) {
  const bool good = std::all_of(value.begin(), value.end(),
                                [](char c) { return c >= 0x20 && c < 0x7F && c != ';'; });
  if (!good) {
    throw Error("The cookie's " + std::string(name) +
                " may hold only printable ASCII without ';', not '" + printable(value) + "'.");
  }
}

void check_samesite(const CookieOptions& options) {
  const std::string mode = ascii_lower(options.samesite);
  if (mode != "strict" && mode != "lax" && mode != "none") {
    throw Error("A cookie's samesite must be strict, lax or none, not '" + printable(mode) + "'.");
  }
  if (mode == "none" && !options.secure) {
    throw Error("A cookie with samesite none must be secure, or browsers refuse it.");
  }
}

void check(std::string_view name, const CookieOptions& options) {
  if (!is_cookie_name(name)) {
    throw Error("'" + printable(name) + "' is not a cookie name (RFC 6265, section 4.1.1).");
  }
  check_attribute("domain", options.domain);
  check_attribute("path", options.path);
  if (!options.samesite.empty()) check_samesite(options);
}

std::string expiry_date(const CookieOptions& options) {
  if (options.expires) return cookie_date(*options.expires);
  if (!options.max_age) return {};
  // Limits the age: a far one would overflow the clock; browsers cap it well below ten years.
  constexpr std::chrono::seconds kFar = std::chrono::hours(24 * 3650);
  const auto age = std::clamp(*options.max_age, -kFar, kFar);
  return cookie_date(std::chrono::system_clock::now() + age);
}

/// Writes name, value and attributes in WebOb's order.
std::string serialize(std::string_view name, std::string_view value, const CookieOptions& options,
                      std::string_view expires) {
  std::string result = std::string(name) + '=' + quote_value(value);
  const auto add = [&result](std::string_view attribute, std::string_view text) {
    if (!text.empty()) result.append("; ").append(attribute).append(text);
  };
  add("Domain=", options.domain);
  if (options.max_age) add("Max-Age=", std::to_string(options.max_age->count()));
  add("Path=", options.path);
  add("expires=", expires);
  if (options.secure) add("", "secure");
  if (options.httponly) add("", "HttpOnly");
  add("SameSite=", options.samesite);
  return result;
}

}  // namespace

Cookies parse_cookies(std::string_view header) {
  Cookies cookies;
  while (!header.empty()) {
    const auto ends_name = [](char c) { return c == '=' || c == ';'; };
    const auto name_end = static_cast<std::size_t>(
        std::find_if(header.begin(), header.end(), ends_name) - header.begin());
    if (name_end == header.size()) break;
    const std::string_view name = trim_whitespace(header.substr(0, name_end));
    const bool has_value = header[name_end] == '=';
    header.remove_prefix(name_end + 1);
    if (!has_value) continue;
    const auto length = value_length(header);
    if (is_cookie_name(name)) {
      cookies.insert_or_assign(std::string(name), decode_value(header.substr(0, length)));
    }
    header.remove_prefix(std::min(length + 1, header.size()));
  }
  return cookies;
}

std::string make_cookie(std::string_view name, std::string_view value,
                        const CookieOptions& options) {
  check(name, options);
  return serialize(name, value, options, expiry_date(options));
}

std::string make_expired_cookie(std::string_view name, CookieOptions options) {
  check(name, options);
  options.max_age = std::chrono::seconds(0);
  return serialize(name, "", options, kForgottenDate);
}

}  // namespace aiopyr

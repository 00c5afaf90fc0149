#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr {
namespace {

constexpr std::string_view kUnreserved = "-._~";  // RFC 3986 section 2.3, with letters and digits

std::string unquote(std::string_view text, bool plus_is_space) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_percent_escape(text, i)) {
      result += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      result += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return result;
}

std::string decode_component(std::string_view text, std::string_view what) {
  std::string result = url_unquote_plus(text);
  if (const auto error = find_utf8_error(result)) {
    throw HTTPBadRequest(std::string(what) + " is not UTF-8: " + describe(*error));
  }
  return result;
}

void add_pair(MultiDict& parameters, std::string_view pair) {
  const auto equals = pair.find('=');
  std::string name = decode_component(pair.substr(0, equals), "A parameter's name");
  const std::string_view raw =
      equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
  std::string value = decode_component(raw, "The parameter '" + printable(name) + "'");
  parameters.add(std::move(name), std::move(value));
}

}  // namespace

std::string url_quote(std::string_view text, std::string_view safe) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_ascii_alnum(c) || kUnreserved.find(c) != std::string_view::npos ||
        safe.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return result;
}

std::string url_quote_plus(std::string_view text) {
  std::string result = url_quote(text, " ");
  for (char& c : result) {
    if (c == ' ') c = '+';
  }
  return result;
}

std::string url_unquote(std::string_view text) { return unquote(text, false); }

std::string url_unquote_plus(std::string_view text) { return unquote(text, true); }

std::string decode_path(std::string_view raw) {
  if (const auto at = find_bad_escape(raw)) {
    throw HTTPBadRequest("The path holds a bad percent-escape in position " + std::to_string(*at) +
                         ".");
  }
  std::string path = url_unquote(raw);
  if (const auto error = find_utf8_error(path)) throw HTTPBadRequest(describe(*error));
  return path;
}

MultiDict parse_query(std::string_view text, std::size_t max_parameters) {
  MultiDict parameters;
  while (!text.empty()) {
    const auto end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    if (parameters.size() == max_parameters) {
      throw HTTPBadRequest("There are more than " + std::to_string(max_parameters) +
                           " parameters.");
    }
    add_pair(parameters, pair);
  }
  return parameters;
}

std::string url_encode(const MultiDict& parameters) {
  std::string result;
  for (const auto& [name, value] : parameters) {
    if (!result.empty()) result += '&';
    result += url_quote_plus(name) + '=' + url_quote_plus(value);
  }
  return result;
}

}  // namespace aiopyr

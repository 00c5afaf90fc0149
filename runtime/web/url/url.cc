#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/percent_escape.h>
#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr {
namespace {

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
  return percent_encode(text, safe);
}

std::string url_quote_plus(std::string_view text) { return percent_encode_plus(text); }

std::string url_unquote(std::string_view text) { return percent_decode(text); }

std::string url_unquote_plus(std::string_view text) { return percent_decode(text, true); }

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

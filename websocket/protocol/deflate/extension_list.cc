#include <utility>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/header_params.h>
#include <aiopyr/websocket/protocol/deflate/extension_list.h>

// A quoted value has to be a token once its quotes are removed, so it contains no comma and no
// semicolon: splitting at them first finds the same extensions, and the same errors.

namespace aiopyr::websocket {
namespace {

/// Removes both quotes and the escapes of RFC 9110 section 5.6.4.
std::optional<std::string> unquote(std::string_view quoted) {
  std::string text;
  for (std::size_t i = 1; i < quoted.size(); ++i) {
    if (quoted[i] == '"') {
      return i + 1 == quoted.size() ? std::optional(std::move(text)) : std::nullopt;
    }
    if (quoted[i] == '\\' && ++i == quoted.size()) break;
    text.push_back(quoted[i]);
  }
  return std::nullopt;
}

std::optional<ExtensionParameter> parse_parameter(std::string_view text) {
  const auto equals = text.find('=');
  ExtensionParameter parameter{trim_whitespace(text.substr(0, equals))};
  if (!is_http_token(parameter.name)) return std::nullopt;
  if (equals == std::string_view::npos) return parameter;
  const auto value = trim_whitespace(text.substr(equals + 1));
  parameter.value = value.starts_with('"') ? unquote(value) : std::string(value);
  if (!parameter.value || !is_http_token(*parameter.value)) return std::nullopt;
  return parameter;
}

std::optional<Extension> parse_extension(std::string_view text) {
  auto semicolon = text.find(';');
  Extension extension{trim_whitespace(text.substr(0, semicolon))};
  if (!is_http_token(extension.name)) return std::nullopt;
  while (semicolon != std::string_view::npos) {
    text.remove_prefix(semicolon + 1);
    semicolon = text.find(';');
    auto parameter = parse_parameter(text.substr(0, semicolon));
    if (!parameter) return std::nullopt;
    extension.parameters.push_back(*std::move(parameter));
  }
  return extension;
}

}  // namespace

std::optional<std::vector<Extension>> parse_extensions(std::string_view value) {
  std::vector<Extension> extensions;
  for (const auto element : split_header_list(value)) {
    auto extension = parse_extension(element);
    if (!extension) return std::nullopt;
    extensions.push_back(*std::move(extension));
  }
  return extensions;
}

}  // namespace aiopyr::websocket

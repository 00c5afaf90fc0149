#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The header Sec-WebSocket-Extensions: RFC 6455 section 9.1.
/// Pure functions, for any thread; names are part of the argument.
namespace aiopyr::websocket {

struct ExtensionParameter {
  std::string_view name;
  /// The value without quotes; nullopt without an equals sign.
  std::optional<std::string> value{};

  bool operator==(const ExtensionParameter&) const = default;
};

/// An extension that a client offers, or a server has accepted. The parameters are not checked:
/// neither their names, nor whether one is repeated.
struct Extension {
  std::string_view name;
  std::vector<ExtensionParameter> parameters{};

  bool operator==(const Extension&) const = default;
};

/// Parses the extensions in their order; returns an empty list if the header is absent. Returns
/// nullopt if the value does not conform to the grammar: then the connection has to be failed.
[[nodiscard]] std::optional<std::vector<Extension>> parse_extensions(std::string_view value);

}  // namespace aiopyr::websocket

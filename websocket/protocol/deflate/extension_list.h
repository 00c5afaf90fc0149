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
  /// Without quotes; none where there is no equals sign.
  std::optional<std::string> value{};

  bool operator==(const ExtensionParameter&) const = default;
};

/// What a client offers, or a server has accepted. Nothing is known of the parameters here: not
/// which ones exist, nor whether one may come twice.
struct Extension {
  std::string_view name;
  std::vector<ExtensionParameter> parameters{};

  bool operator==(const Extension&) const = default;
};

/// The extensions in their order; an empty list where the header is absent. None where the value
/// does not conform to the grammar, for which the connection has to be failed.
[[nodiscard]] std::optional<std::vector<Extension>> parse_extensions(std::string_view value);

}  // namespace aiopyr::websocket

#pragma once

#include <optional>
#include <span>
#include <string>

#include <aiopyr/websocket/protocol/deflate/extension_list.h>
#include <aiopyr/websocket/protocol/deflate/permessage_deflate.h>

/// The parameters on which both sides agree: RFC 7692 sections 5 and 7.1, the server's part.
/// Pure functions over values, for any thread.
namespace aiopyr::websocket {

struct DeflateAgreement {
  int server_window_bits = 15;
  int client_window_bits = 15;
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  /// The value of Sec-WebSocket-Extensions in the answer.
  std::string response{};

  bool operator==(const DeflateAgreement&) const = default;
};

/// Accepts the first valid offer of permessage-deflate. An offer with an unknown parameter, a
/// repeated one or an invalid value is skipped, as section 7.1 requires. Returns nullopt if none is
/// valid.
///
/// A window of 8 bits is accepted, in both directions: see deflater.h.
[[nodiscard]] std::optional<DeflateAgreement> negotiate_deflate(std::span<const Extension> offers,
                                                                const PermessageDeflate& options);

}  // namespace aiopyr::websocket

#pragma once

#include <optional>
#include <span>
#include <string>

#include <aiopyr/websocket/protocol/deflate/extension_list.h>
#include <aiopyr/websocket/protocol/deflate/permessage_deflate.h>

/// What both sides agree on: RFC 7692 sections 5 and 7.1, the server's part.
/// Pure functions over values, for any thread.
namespace aiopyr::websocket {

struct DeflateAgreement {
  int server_window_bits = 15;
  int client_window_bits = 15;
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  /// What Sec-WebSocket-Extensions has to answer.
  std::string response{};

  bool operator==(const DeflateAgreement&) const = default;
};

/// Accepts the first offer of permessage-deflate that is valid: one with an unknown parameter, one
/// that comes twice or one with a value that it may not have is passed over, as section 7.1 asks
/// for. None where there is none.
///
/// A window of 8 bits is accepted, in both directions: see deflater.h.
[[nodiscard]] std::optional<DeflateAgreement> negotiate_deflate(std::span<const Extension> offers,
                                                                const PermessageDeflate& options);

}  // namespace aiopyr::websocket

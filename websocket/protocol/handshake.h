#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/websocket/protocol/deflate/deflate_negotiation.h>
#include <aiopyr/websocket/protocol/error.h>
#include <aiopyr/websocket/protocol/origin.h>

/// The server's side of the opening handshake: RFC 6455 section 4.2.
/// Pure functions over values, for any thread; results own their strings.
namespace aiopyr::websocket {

/// The input of the check: header values as they came, empty if a header is absent; a repeated
/// header is joined with commas.
struct HandshakeRequest {
  std::string_view method;
  std::string_view http_version;  ///< such as `HTTP/1.1`; not checked if empty
  std::string_view upgrade;
  std::string_view connection;
  std::string_view key;
  std::string_view version;
  std::string_view protocols;
  std::string_view extensions;
  std::string_view origin;
  std::string_view scheme;  ///< `http` or `https`; see OriginPolicy::allows
  std::string_view host;
  bool has_body = false;  ///< false for a body of zero bytes
};

struct HandshakeOptions {
  OriginPolicy origins{};
  /// The subprotocols of the server, the preferred one first.
  std::vector<std::string> subprotocols{};
  /// The options of compression; nullopt: messages are not compressed.
  std::optional<PermessageDeflate> compression{};
};

struct HandshakeOutcome {
  ProtocolError error = ProtocolError::kNone;
  /// The status: 101, or 400, 403, 405, 426 if it is refused.
  int status = 101;
  /// The headers of the response: all of a 101; of a refusal those that say what would be accepted.
  std::vector<std::pair<std::string, std::string>> headers;
  /// The chosen subprotocol; empty if there is none.
  std::string subprotocol;
  std::optional<DeflateAgreement> compression;

  [[nodiscard]] bool accepted() const noexcept { return status == 101; }
};

/// Checks a request in this order: the method (405), Upgrade, Connection and HTTP version (426),
/// the absence of a body and the key (400), the version (426), the form of subprotocols and
/// extensions (400), the origin (403).
[[nodiscard]] HandshakeOutcome check_handshake(const HandshakeRequest& request,
                                               const HandshakeOptions& options);

/// Returns the value of Sec-WebSocket-Accept for a key (section 4.2.2, step 5.4).
[[nodiscard]] std::string accept_key(std::string_view key);

/// Returns whether `key` is 16 bytes in base64.
[[nodiscard]] bool is_valid_key(std::string_view key) noexcept;

/// Returns the first of `supported` that the header value `offered` names; empty if there is none.
/// Names are case-sensitive (section 4.2.2, step 5.5).
[[nodiscard]] std::string select_subprotocol(std::string_view offered,
                                             const std::vector<std::string>& supported);

}  // namespace aiopyr::websocket

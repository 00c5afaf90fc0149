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

/// What the check looks at: header values as they came, empty where a header is absent; a header
/// that came more than once joined with commas.
struct HandshakeRequest {
  std::string_view method;
  std::string_view http_version;  ///< such as `HTTP/1.1`; not checked where empty
  std::string_view upgrade;
  std::string_view connection;
  std::string_view key;
  std::string_view version;
  std::string_view protocols;
  std::string_view extensions;
  std::string_view origin;
  std::string_view scheme;  ///< `http` or `https`; see OriginPolicy::allows
  std::string_view host;
  bool has_body = false;  ///< one of no bytes is none
};

struct HandshakeOptions {
  OriginPolicy origins{};
  /// What the server speaks, the best first.
  std::vector<std::string> subprotocols{};
  /// None where messages are not to be compressed.
  std::optional<PermessageDeflate> compression{};
};

struct HandshakeOutcome {
  ProtocolError error = ProtocolError::kNone;
  /// 101, or 400, 403, 405, 426 where it is refused.
  int status = 101;
  /// What the response has to carry: all of the 101's headers; of a refusal's those that say what
  /// would be accepted.
  std::vector<std::pair<std::string, std::string>> headers;
  /// Empty where none was chosen.
  std::string subprotocol;
  std::optional<DeflateAgreement> compression;

  [[nodiscard]] bool accepted() const noexcept { return status == 101; }
};

/// Checks a request, in this order: the method (405), Upgrade, Connection and HTTP version (426),
/// that there is no body and the key (400), the version (426), the form of subprotocols and
/// extensions (400), the origin (403).
[[nodiscard]] HandshakeOutcome check_handshake(const HandshakeRequest& request,
                                               const HandshakeOptions& options);

/// The value of Sec-WebSocket-Accept for a key (section 4.2.2, step 5.4).
[[nodiscard]] std::string accept_key(std::string_view key);

/// Whether `key` is 16 bytes in base64.
[[nodiscard]] bool is_valid_key(std::string_view key) noexcept;

/// The first of `supported` that the header value `offered` names; empty where there is none.
/// Names are compared with their case (section 4.2.2, step 5.5).
[[nodiscard]] std::string select_subprotocol(std::string_view offered,
                                             const std::vector<std::string>& supported);

}  // namespace aiopyr::websocket

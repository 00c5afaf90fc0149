#include <algorithm>
#include <array>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/header_params.h>
#include <aiopyr/websocket/protocol/handshake.h>

namespace aiopyr::websocket {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // section 1.3
constexpr std::string_view kVersion = "13";

constexpr bool is_base64(char letter) noexcept {
  return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
         (letter >= '0' && letter <= '9') || letter == '+' || letter == '/';
}

// Returns whether the version is too old: only 1.0 and older ones have no Upgrade.
bool is_too_old(std::string_view http_version) noexcept {
  return http_version == "HTTP/1.0" || http_version == "HTTP/0.9";
}

bool are_tokens(std::string_view list) {
  const auto elements = split_header_list(list);
  return std::all_of(elements.begin(), elements.end(), is_http_token);
}

using Offers = std::optional<std::vector<Extension>>;

ProtocolError find_error(const HandshakeRequest& request, const HandshakeOptions& options,
                         const Offers& offers) {
  if (request.method != "GET") return ProtocolError::kMethodNotGet;
  if (!header_list_contains(request.upgrade, "websocket")) {
    return ProtocolError::kNoUpgradeToWebsocket;
  }
  if (!header_list_contains(request.connection, "upgrade")) {
    return ProtocolError::kNoConnectionUpgrade;
  }
  if (is_too_old(request.http_version)) return ProtocolError::kHttpVersionTooOld;
  // Refuses a body: bytes behind the head are read as frames from here on, so through a proxy that
  // passes a body on, a client could write frames (RFC 9110 section 7.8 lets a server ignore an
  // upgrade).
  if (request.has_body) return ProtocolError::kHandshakeWithBody;
  if (!is_valid_key(trim_whitespace(request.key))) return ProtocolError::kInvalidKey;
  if (trim_whitespace(request.version) != kVersion) return ProtocolError::kUnsupportedVersion;
  if (!are_tokens(request.protocols)) return ProtocolError::kInvalidSubprotocols;
  if (!offers) return ProtocolError::kInvalidExtensions;
  if (!options.origins.allows(request.origin, request.scheme, request.host)) {
    return ProtocolError::kOriginRefused;
  }
  return ProtocolError::kNone;
}

// Makes a refusal. A 426 has to name the protocol to upgrade to (RFC 9110 section 15.5.22).
HandshakeOutcome refuse(ProtocolError error) {
  HandshakeOutcome outcome;
  outcome.error = error;
  switch (error) {
    case ProtocolError::kMethodNotGet:
      outcome.status = 405;
      outcome.headers = {{"Allow", "GET"}};
      break;
    case ProtocolError::kNoUpgradeToWebsocket:
    case ProtocolError::kNoConnectionUpgrade:
    case ProtocolError::kHttpVersionTooOld:
      outcome.status = 426;
      outcome.headers = {{"Upgrade", "websocket"}};
      break;
    case ProtocolError::kUnsupportedVersion:
      outcome.status = 426;
      outcome.headers = {{"Upgrade", "websocket"},
                         {"Sec-WebSocket-Version", std::string{kVersion}}};
      break;
    case ProtocolError::kOriginRefused:
      outcome.status = 403;
      break;
    default:
      outcome.status = 400;
  }
  return outcome;
}

}  // namespace

// Checks 22 digits, which hold 132 bits; RFC 4648 lets a decoder ignore the last four.
bool is_valid_key(std::string_view key) noexcept {
  return key.size() == 24 && key.ends_with("==") &&
         std::all_of(key.begin(), key.end() - 2, is_base64);
}

std::string accept_key(std::string_view key) {
  std::string text{key};
  text.append(kGuid);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1> encoded;
  const int size = EVP_EncodeBlock(encoded.data(), digest.data(), SHA_DIGEST_LENGTH);
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size)};
}

std::string select_subprotocol(std::string_view offered,
                               const std::vector<std::string>& supported) {
  const auto names = split_header_list(offered);
  const auto chosen = std::find_if(supported.begin(), supported.end(), [&](const auto& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  });
  return chosen == supported.end() ? std::string{} : *chosen;
}

HandshakeOutcome check_handshake(const HandshakeRequest& request, const HandshakeOptions& options) {
  const Offers offers = parse_extensions(request.extensions);
  const auto error = find_error(request, options, offers);
  if (error != ProtocolError::kNone) return refuse(error);
  HandshakeOutcome outcome;
  outcome.subprotocol = select_subprotocol(request.protocols, options.subprotocols);
  outcome.headers = {{"Upgrade", "websocket"},
                     {"Connection", "Upgrade"},
                     {"Sec-WebSocket-Accept", accept_key(trim_whitespace(request.key))}};
  if (!outcome.subprotocol.empty()) {
    outcome.headers.emplace_back("Sec-WebSocket-Protocol", outcome.subprotocol);
  }
  if (options.compression) outcome.compression = negotiate_deflate(*offers, *options.compression);
  if (outcome.compression) {
    outcome.headers.emplace_back("Sec-WebSocket-Extensions", outcome.compression->response);
  }
  return outcome;
}

}  // namespace aiopyr::websocket

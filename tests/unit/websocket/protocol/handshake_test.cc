#include <algorithm>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include <aiopyr/websocket/protocol/handshake.h>

namespace aiopyr::websocket {
namespace {

HandshakeRequest good_request() {
  HandshakeRequest request;
  request.method = "GET";
  request.http_version = "HTTP/1.1";
  request.upgrade = "websocket";
  request.connection = "Upgrade";
  request.key = "dGhlIHNhbXBsZSBub25jZQ==";
  request.version = "13";
  request.scheme = "http";
  request.host = "example.com";
  return request;
}

std::string header(const HandshakeOutcome& outcome, std::string_view name) {
  for (const auto& [key, value] : outcome.headers) {
    if (key == name) return value;
  }
  return {};
}

template <typename Change>
HandshakeOutcome check_changed(Change change, const HandshakeOptions& options = {}) {
  auto request = good_request();
  change(request);
  return check_handshake(request, options);
}

TEST_CASE("the RFC's example is accepted with the RFC's accept key") {
  const auto outcome = check_handshake(good_request(), {});
  CHECK(outcome.accepted());
  CHECK(outcome.status == 101);
  CHECK(header(outcome, "Upgrade") == "websocket");
  CHECK(header(outcome, "Connection") == "Upgrade");
  CHECK(header(outcome, "Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  CHECK(outcome.headers.size() == 3);
}

TEST_CASE("other methods than GET are answered with 405 and Allow") {
  for (const auto* method : {"POST", "HEAD", "get", "CONNECT", ""}) {
    const auto outcome = check_changed([&](auto& request) { request.method = method; });
    CHECK(outcome.status == 405);
    CHECK(header(outcome, "Allow") == "GET");
    CHECK_FALSE(outcome.accepted());
  }
}

TEST_CASE("a request that asks for no websocket is answered with 426 and Upgrade") {
  for (const auto* upgrade : {"", "h2c", "websockets", "web socket"}) {
    const auto outcome = check_changed([&](auto& request) { request.upgrade = upgrade; });
    CHECK(outcome.status == 426);
    CHECK(header(outcome, "Upgrade") == "websocket");
  }
  for (const auto* connection : {"", "close", "keep-alive", "upgraded"}) {
    const auto outcome = check_changed([&](auto& request) { request.connection = connection; });
    CHECK(outcome.status == 426);
    CHECK(header(outcome, "Upgrade") == "websocket");
  }
}

TEST_CASE("Upgrade and Connection are lists whose case does not count") {
  for (const auto* upgrade : {"WebSocket", "h2c, WEBSOCKET", " websocket ,foo"}) {
    CHECK(check_changed([&](auto& request) { request.upgrade = upgrade; }).accepted());
  }
  for (const auto* connection : {"upgrade", "keep-alive, Upgrade", ",,UPGRADE\t,"}) {
    CHECK(check_changed([&](auto& request) { request.connection = connection; }).accepted());
  }
}

TEST_CASE("HTTP/1.0 has no upgrade") {
  CHECK(check_changed([](auto& request) { request.http_version = "HTTP/1.0"; }).status == 426);
  CHECK(check_changed([](auto& request) { request.http_version = ""; }).accepted());
}

TEST_CASE("a key that is not 16 bytes in base64 is answered with 400") {
  for (const auto* key : {
           "",
           "dGhlIHNhbXBsZSBub25jZQ",
           "dGhlIHNhbXBsZSBub25jZQ=",
           "dGhlIHNhbXBsZSBub25jZQA=",
           "dGhlIHNhbXBsZSBub25jZQAA",
           "dGhlIHNhbXBsZSBub25jZQ===",
           "dGhlIHNhbXBsZSBub25j_Q==",
           "dGhlIHNhbXBsZSBub25=ZQ==",
           "dGhlIHNhbXBsZSB ub25jZQ==",
           "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==",
       }) {
    CHECK(check_changed([&](auto& request) { request.key = key; }).status == 400);
  }
  CHECK(
      check_changed([](auto& request) { request.key = " AAAAAAAAAAAAAAAAAAAAAA== "; }).accepted());
}

TEST_CASE("a handshake with a body is answered with 400") {
  const auto outcome = check_changed([](auto& request) { request.has_body = true; });
  CHECK(outcome.status == 400);
  CHECK(outcome.error == ProtocolError::kHandshakeWithBody);
}

TEST_CASE("another version is answered with 426 and the version that we speak") {
  for (const auto* version : {"", "8", "14", "013", "13, 8", "-13"}) {
    const auto outcome = check_changed([&](auto& request) { request.version = version; });
    CHECK(outcome.status == 426);
    CHECK(header(outcome, "Sec-WebSocket-Version") == "13");
    CHECK(header(outcome, "Upgrade") == "websocket");
  }
}

TEST_CASE("another page's origin is answered with 403") {
  const auto from = [](const char* origin, const HandshakeOptions& options = {}) {
    return check_changed([&](auto& request) { request.origin = origin; }, options).status;
  };
  CHECK(from("http://example.com") == 101);
  CHECK(from("") == 101);
  CHECK(from("http://evil.com") == 403);
  CHECK(from("null") == 403);
  HandshakeOptions options;
  options.origins = OriginPolicy::from_setting("*");
  CHECK(from("http://evil.com", options) == 101);
}

TEST_CASE("refusals come in the order of the checks and carry their error") {
  HandshakeRequest request;
  CHECK(check_handshake(request, {}).error == ProtocolError::kMethodNotGet);
  request.method = "GET";
  CHECK(check_handshake(request, {}).error == ProtocolError::kNoUpgradeToWebsocket);
  request.upgrade = "websocket";
  CHECK(check_handshake(request, {}).error == ProtocolError::kNoConnectionUpgrade);
  request.connection = "upgrade";
  request.has_body = true;
  CHECK(check_handshake(request, {}).error == ProtocolError::kHandshakeWithBody);
  request.has_body = false;
  CHECK(check_handshake(request, {}).error == ProtocolError::kInvalidKey);
  request.key = "dGhlIHNhbXBsZSBub25jZQ==";
  CHECK(check_handshake(request, {}).error == ProtocolError::kUnsupportedVersion);
  request.version = "13";
  CHECK(check_handshake(request, {}).accepted());
}

TEST_CASE("the server's preference picks exactly one subprotocol") {
  const auto chosen = [](const char* offered) {
    HandshakeOptions options;
    options.subprotocols = {"best", "good"};
    const auto outcome =
        check_changed([&](auto& request) { request.protocols = offered; }, options);
    CHECK(outcome.accepted());
    CHECK(header(outcome, "Sec-WebSocket-Protocol") == outcome.subprotocol);
    return outcome.subprotocol;
  };
  CHECK(chosen("good, best") == "best");
  CHECK(chosen("good") == "good");
  CHECK(chosen("other , good,") == "good");
  CHECK(chosen("Best").empty());
  CHECK(chosen("other").empty());
  CHECK(chosen("").empty());
}

TEST_CASE("without a common subprotocol none is sent") {
  const auto outcome = check_changed([](auto& request) { request.protocols = "chat"; });
  CHECK(outcome.accepted());
  CHECK(outcome.headers.size() == 3);
}

TEST_CASE("an offer of compression is answered where the server has settings for it") {
  const auto offer = [](auto& request) {
    request.extensions = "x-other, permessage-deflate; client_max_window_bits";
  };
  const auto agreed = check_changed(offer, {.compression = PermessageDeflate{}});
  CHECK(header(agreed, "Sec-WebSocket-Extensions") ==
        "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12");
  REQUIRE(agreed.compression);
  CHECK(agreed.compression->client_window_bits == 12);
  CHECK(agreed.headers.size() == 4);
  CHECK(check_changed(offer).headers.size() == 3);
  CHECK_FALSE(check_changed(offer).compression);
}

TEST_CASE("without an offer that is acceptable messages are not compressed") {
  for (const auto* extensions : {"", "x-other", "permessage-deflate; unknown"}) {
    const auto outcome = check_changed([&](auto& request) { request.extensions = extensions; },
                                       {.compression = PermessageDeflate{}});
    CHECK(outcome.accepted());
    CHECK_FALSE(outcome.compression);
    CHECK(outcome.headers.size() == 3);
  }
}

// RFC 6455 section 9.1 requires the failure, whatever extensions the server supports.
TEST_CASE("extensions that do not conform to the grammar are answered with 400") {
  for (const auto* extensions : {"a b", "permessage-deflate;", "a; b=\"\"", "a\r\nX: y"}) {
    const auto outcome = check_changed([&](auto& request) { request.extensions = extensions; });
    CHECK(outcome.status == 400);
    CHECK(outcome.error == ProtocolError::kInvalidExtensions);
  }
}

TEST_CASE("subprotocols that are no tokens are answered with 400") {
  for (const auto* protocols : {"a b", "chat, super chat", "a;b", "\"chat\"", "a\r\nX: y"}) {
    CHECK(check_changed([&](auto& request) { request.protocols = protocols; }).status == 400);
  }
}

}  // namespace
}  // namespace aiopyr::websocket

#include <set>
#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/websocket/protocol/error.h>

namespace aiopyr::websocket {
namespace {

constexpr int kLastError = static_cast<int>(ProtocolError::kOriginRefused);

TEST_CASE("each error has a message of its own that fits into a close frame") {
  std::set<std::string_view> messages;
  for (int value = 0; value <= kLastError; ++value) {
    const auto text = message_for(static_cast<ProtocolError>(value));
    CHECK(text != message_for(static_cast<ProtocolError>(kLastError + 1)));
    CHECK(text.size() <= 123);
    messages.insert(text);
  }
  CHECK(messages.size() == kLastError + 1);
}

TEST_CASE("each error belongs to exactly one of the two conditions") {
  for (int value = 1; value <= kLastError; ++value) {
    const std::error_code code = static_cast<ProtocolError>(value);
    CHECK(code);
    CHECK((code == ErrorCondition::kConnectionFailed) !=
          (code == ErrorCondition::kHandshakeFailed));
    CHECK((code == ErrorCondition::kHandshakeFailed) ==
          is_handshake_error(static_cast<ProtocolError>(value)));
  }
}

TEST_CASE("no error is no error") {
  const std::error_code code = ProtocolError::kNone;
  CHECK_FALSE(code);
  CHECK(code != ErrorCondition::kConnectionFailed);
  CHECK(code != ErrorCondition::kHandshakeFailed);
}

TEST_CASE("errors carry the close codes of the contract") {
  CHECK(close_code_for(ProtocolError::kUnmaskedFrame) == 1002);
  CHECK(close_code_for(ProtocolError::kInvalidCloseCode) == 1002);
  CHECK(close_code_for(ProtocolError::kInvalidText) == 1007);
  CHECK(close_code_for(ProtocolError::kInvalidCloseReason) == 1007);
  CHECK(close_code_for(ProtocolError::kMessageOverSizeLimit) == 1009);
  CHECK(close_code_for(ProtocolError::kInvalidDeflateData) == 1002);
}

TEST_CASE("errors read well in a log") {
  const std::error_code code = ProtocolError::kUnmaskedFrame;
  CHECK(code.message() == "frame from a client is not masked");
  CHECK(std::string{code.category().name()} == "aiopyr.websocket");
}

}  // namespace
}  // namespace aiopyr::websocket

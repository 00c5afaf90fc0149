#include <catch2/catch.hpp>

#include <aiopyr/websocket/protocol/frame_rules.h>

namespace aiopyr::websocket {
namespace {

FrameHeader header(Opcode opcode, bool fin = true, std::uint64_t length = 0) {
  FrameHeader made;
  made.opcode = opcode;
  made.fin = fin;
  made.masked = true;
  made.length = length;
  return made;
}

TEST_CASE("Control frames are whole and carry at most 125 bytes") {
  CHECK(check_first_byte(header(Opcode::kPing, false)) == ProtocolError::kFragmentedControl);
  CHECK(check_first_byte(header(Opcode::kText, false)) == ProtocolError::kNone);
  CHECK(check_first_byte(header(static_cast<Opcode>(3))) == ProtocolError::kReservedOpcode);
  CHECK(check_short_length(header(Opcode::kClose, true, 125)) == ProtocolError::kNone);
  CHECK(check_short_length(header(Opcode::kClose, true, 126)) == ProtocolError::kControlTooLong);
  CHECK(check_short_length(header(Opcode::kText, true, 126)) == ProtocolError::kNone);
}

TEST_CASE("A length takes the shortest form that holds it, and its highest bit is zero") {
  const auto check = [](std::uint64_t length, std::size_t size) {
    return check_extended_length(header(Opcode::kBinary, true, length), size);
  };
  CHECK(check(125, 2) == ProtocolError::kNonMinimalLength);
  CHECK(check(126, 2) == ProtocolError::kNone);
  CHECK(check(0xFFFF, 2) == ProtocolError::kNone);
  CHECK(check(0xFFFF, 8) == ProtocolError::kNonMinimalLength);
  CHECK(check(0x10000, 8) == ProtocolError::kNone);
  CHECK(check(std::uint64_t{1} << 63U, 8) == ProtocolError::kLengthHighBit);
}

TEST_CASE("Whether a frame may come depends on role, extension, order and room") {
  const FrameContext fresh{.room = 10};
  const FrameContext begun{.in_message = true, .room = 10};
  CHECK(check_in_context(header(Opcode::kText), fresh) == ProtocolError::kNone);
  CHECK(check_in_context(header(Opcode::kContinuation), fresh) == ProtocolError::kLoneContinuation);
  CHECK(check_in_context(header(Opcode::kContinuation), begun) == ProtocolError::kNone);
  CHECK(check_in_context(header(Opcode::kBinary), begun) == ProtocolError::kInterruptedMessage);
  CHECK(check_in_context(header(Opcode::kPing, true, 125), begun) == ProtocolError::kNone);
  CHECK(check_in_context(header(Opcode::kText, true, 11), fresh) ==
        ProtocolError::kMessageOverSizeLimit);

  auto compressed = header(Opcode::kText);
  compressed.rsv = kRsv1;
  CHECK(check_in_context(compressed, fresh) == ProtocolError::kReservedBits);
  CHECK(check_in_context(compressed, {.claimed_rsv = kRsv1}) == ProtocolError::kNone);
  compressed.opcode = Opcode::kContinuation;
  CHECK(check_in_context(compressed, {.claimed_rsv = kRsv1, .in_message = true}) ==
        ProtocolError::kReservedBits);

  auto unmasked = header(Opcode::kText);
  unmasked.masked = false;
  CHECK(check_in_context(unmasked, fresh) == ProtocolError::kUnmaskedFrame);
  CHECK(check_in_context(unmasked, {.role = Role::kClient}) == ProtocolError::kNone);
  CHECK(check_in_context(header(Opcode::kText), {.role = Role::kClient}) ==
        ProtocolError::kMaskedFrame);
}

}  // namespace
}  // namespace aiopyr::websocket

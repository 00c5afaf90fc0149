#pragma once

#include <cstdint>
#include <string_view>

namespace aiopyr::redis {

/// A fault in a server's bytes. The connection that they came on cannot be read any
/// further.
enum class ReplyFault : std::uint8_t {
  kNone,
  kUnknownType,      ///< no type of RESP2 or RESP3, or one that is streamed (`$?`)
  kBadLength,        ///< no length, or a negative one other than -1
  kBadNumber,        ///< an integer, double or big number that is none
  kBadBoolean,       ///< neither `#t` nor `#f`
  kBadNull,          ///< something in a null
  kBadVerbatim,      ///< a verbatim string without its format
  kMissingLineEnd,   ///< no CR LF where one has to be
  kMisplacedPush,    ///< a push message inside of another reply
  kLineTooLong,      ///< beyond ReplyLimits::line
  kTooLong,          ///< beyond ReplyLimits::bytes
  kTooManyElements,  ///< beyond ReplyLimits::elements
  kTooDeep,          ///< beyond ReplyLimits::depth
};

/// Returns a sentence about the fault.
[[nodiscard]] std::string_view describe(ReplyFault fault) noexcept;

}  // namespace aiopyr::redis

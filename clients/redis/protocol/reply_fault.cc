#include <aiopyr/clients/redis/protocol/reply_fault.h>

namespace aiopyr::redis {

std::string_view describe(ReplyFault fault) noexcept {
  switch (fault) {
    case ReplyFault::kNone:
      return "the reply is well-formed";
    case ReplyFault::kUnknownType:
      return "a reply begins with a byte that is no type of RESP: is this a Redis server?";
    case ReplyFault::kBadLength:
      return "a reply has a length that is no number";
    case ReplyFault::kBadNumber:
      return "a reply has a number that is none";
    case ReplyFault::kBadBoolean:
      return "a reply has a boolean that is neither t nor f";
    case ReplyFault::kBadNull:
      return "a reply has a null that is not empty";
    case ReplyFault::kBadVerbatim:
      return "a reply has a verbatim string without its format";
    case ReplyFault::kMissingLineEnd:
      return "a reply has no CR LF where one has to be";
    case ReplyFault::kMisplacedPush:
      return "a reply has a push message inside";
    case ReplyFault::kLineTooLong:
      return "a reply has a longer line than the client takes";
    case ReplyFault::kTooLong:
      return "a reply is longer than the client takes (max_reply)";
    case ReplyFault::kTooManyElements:
      return "a reply has more elements than the client takes (max_elements)";
    case ReplyFault::kTooDeep:
      return "a reply is nested more deeply than the client takes";
  }
  return "the reply is malformed";
}

}  // namespace aiopyr::redis

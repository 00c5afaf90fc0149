#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <aiopyr/clients/redis/protocol/reply_reader.h>

/// Replies of Redis as texts, for tests and fuzzers of the codec.
namespace aiopyr::redis::testing {

/// Writes a value on one line, such as `[1 "a" {"k" null}]`.
inline std::string shown(const Value& value) {
  using Kind = Value::Kind;
  const auto items = [&](std::string_view ends) {
    std::string text(1, ends[0]);
    for (const Value& item : value.items()) {
      text += (text.size() > 1 ? " " : "") + shown(item);
    }
    return text + ends[1];
  };
  switch (value.kind()) {
    case Kind::kNull:
      return "null";
    case Kind::kInteger:
      return std::to_string(value.integer());
    case Kind::kDouble:
      return "d:" + std::to_string(value.number());
    case Kind::kBool:
      return value.flag() ? "true" : "false";
    case Kind::kString:
      return "\"" + value.text() + "\"";
    case Kind::kSimpleString:
      return "+" + value.text();
    case Kind::kBigNumber:
      return "big:" + value.text();
    case Kind::kVerbatim:
      return std::string(value.verbatim_format()) + ":" + value.text();
    case Kind::kError:
      return "-" + value.text();
    case Kind::kArray:
      return items("[]");
    case Kind::kSet:
      return items("()");
    case Kind::kMap:
      return items("{}");
    case Kind::kPush:
      return items("<>");
  }
  return "?";
}

/// Reads a stream in pieces of `step` bytes and writes its replies, one a line; a fault ends it.
inline std::string read_all(std::string_view stream, std::size_t step = std::string_view::npos,
                            const ReplyLimits& limits = {}) {
  using Status = ReplyReader::Status;
  ReplyReader reader(limits);
  std::string text;
  while (!stream.empty()) {
    std::string_view piece = stream.substr(0, step);
    stream.remove_prefix(piece.size());
    for (;;) {
      const Status status = reader.next(piece);
      if (status == Status::kNeedsMore) break;
      if (status == Status::kFault) {
        return text.append("! ").append(describe(reader.fault())).append("\n");
      }
      text += shown(reader.take()) + "\n";
    }
  }
  return reader.is_within_reply() ? text + "...\n" : text;
}

}  // namespace aiopyr::redis::testing

#include <algorithm>
#include <cstring>
#include <optional>

#include <aiopyr/clients/redis/protocol/reply_reader.h>
#include <aiopyr/runtime/base/parse_number.h>

namespace aiopyr::redis {

namespace {

/// The most memory that is reserved for what a length has announced.
constexpr std::size_t kMostReservedBytes = std::size_t{16} * 1024;
constexpr std::size_t kMostReservedItems = 256;
constexpr std::size_t kVerbatimPrefix = 4;

/// Removes the plus that RESP3 allows before a number, and std::from_chars does not.
std::string_view without_plus(std::string_view digits) noexcept {
  if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
  return digits;
}

/// Reads a length; -1 is that of a RESP2 null.
std::optional<std::int64_t> parse_length(std::string_view digits) noexcept {
  const auto length = parse_number<std::int64_t>(digits);
  if (!length || *length < -1) return std::nullopt;
  return length;
}

}  // namespace

ReplyReader::Status ReplyReader::next(std::string_view& input) {
  is_complete_ = false;
  bool goes_on = fault_ == ReplyFault::kNone;
  while (goes_on) {
    switch (state_) {
      case State::kLine:
        goes_on = read_line(input);
        break;
      case State::kText:
        goes_on = read_text(input);
        break;
      case State::kTextEnd:
        goes_on = read_text_end(input);
        break;
    }
    if (fault_ != ReplyFault::kNone) goes_on = false;
    if (is_complete_) return Status::kReply;
  }
  return fault_ == ReplyFault::kNone ? Status::kNeedsMore : Status::kFault;
}

/// Reads up to a line's LF. Returns whether it was there.
bool ReplyReader::read_line(std::string_view& input) {
  if (input.empty()) return false;
  const auto* const end = static_cast<const char*>(std::memchr(input.data(), '\n', input.size()));
  const std::size_t size =
      end == nullptr ? input.size() : static_cast<std::size_t>(end - input.data()) + 1;
  if (line_.size() + size > limits_.line) {
    refuse(ReplyFault::kLineTooLong);
    return false;
  }
  if (!count(size)) return false;
  const std::string_view piece = input.substr(0, size);
  input.remove_prefix(size);
  if (end == nullptr) {
    line_.append(piece);
    return false;
  }
  std::string joined;
  std::string_view line = piece;
  if (!line_.empty()) {
    joined = std::move(line_.append(piece));
    line_.clear();
    line = joined;
  }
  if (line.size() < 3 || line[line.size() - 2] != '\r') {
    refuse(ReplyFault::kMissingLineEnd);
    return false;
  }
  take_line(line.substr(0, line.size() - 2));
  return true;
}

void ReplyReader::take_line(std::string_view line) {
  const std::string_view rest = line.substr(1);
  switch (line.front()) {
    case '$':
      return begin_text(Value::Kind::kString, rest);
    case ':':
      return take_integer(rest);
    case '+':
      return add(Value(Value::Kind::kSimpleString, std::string(rest)));
    case '-':
      return add(Value(Value::Kind::kError, std::string(rest)));
    case '*':
      return begin_items(Value::Kind::kArray, rest);
    case '_':
      return rest.empty() ? add(Value()) : refuse(ReplyFault::kBadNull);
    case '%':
      return begin_items(Value::Kind::kMap, rest);
    case '~':
      return begin_items(Value::Kind::kSet, rest);
    case '>':
      if (!open_.empty()) return refuse(ReplyFault::kMisplacedPush);
      return begin_items(Value::Kind::kPush, rest);
    case '|':
      return begin_items(Value::Kind::kMap, rest, true);
    case ',':
      return take_double(rest);
    case '#':
      return take_bool(rest);
    case '(':
      return take_big_number(rest);
    case '=':
      return begin_text(Value::Kind::kVerbatim, rest);
    case '!':
      return begin_text(Value::Kind::kError, rest);
    default:
      return refuse(ReplyFault::kUnknownType);
  }
}

void ReplyReader::begin_text(Value::Kind kind, std::string_view digits) {
  const auto length = parse_length(digits);
  if (!length) return refuse(ReplyFault::kBadLength);
  if (*length < 0) {
    if (kind != Value::Kind::kString) return refuse(ReplyFault::kBadLength);
    return add(Value());
  }
  const auto size = static_cast<std::uint64_t>(*length);
  if (size > limits_.bytes) return refuse(ReplyFault::kTooLong);
  text_kind_ = kind;
  text_missing_ = static_cast<std::size_t>(size);
  text_.clear();
  state_ = State::kText;
}

/// Reads the bytes of a bulk string. Returns whether they are all there.
bool ReplyReader::read_text(std::string_view& input) {
  const std::size_t size = std::min(text_missing_, input.size());
  if (!count(size)) return false;
  if (text_.empty()) text_.reserve(std::min(text_missing_, kMostReservedBytes));
  text_.append(input.data(), size);
  input.remove_prefix(size);
  text_missing_ -= size;
  if (text_missing_ > 0) return false;
  text_missing_ = 2;
  state_ = State::kTextEnd;
  return true;
}

/// Reads the CR LF behind a bulk string.
bool ReplyReader::read_text_end(std::string_view& input) {
  while (text_missing_ > 0 && !input.empty()) {
    if (input.front() != (text_missing_ == 2 ? '\r' : '\n')) {
      refuse(ReplyFault::kMissingLineEnd);
      return false;
    }
    if (!count(1)) return false;
    input.remove_prefix(1);
    --text_missing_;
  }
  if (text_missing_ > 0) return false;
  state_ = State::kLine;
  finish_text();
  return true;
}

void ReplyReader::finish_text() {
  if (text_kind_ != Value::Kind::kVerbatim) return add(Value(text_kind_, std::move(text_)));
  if (text_.size() < kVerbatimPrefix || text_[kVerbatimPrefix - 1] != ':') {
    return refuse(ReplyFault::kBadVerbatim);
  }
  Value verbatim(text_kind_, text_.substr(kVerbatimPrefix));
  verbatim.set_verbatim_format(std::string_view(text_).substr(0, kVerbatimPrefix - 1));
  add(std::move(verbatim));
}

void ReplyReader::begin_items(Value::Kind kind, std::string_view digits, bool is_attribute) {
  const auto length = parse_length(digits);
  if (!length) return refuse(ReplyFault::kBadLength);
  if (*length < 0) {
    if (kind != Value::Kind::kArray) return refuse(ReplyFault::kBadLength);
    return add(Value());
  }
  const auto announced = static_cast<std::uint64_t>(*length);
  if (announced > limits_.elements) return refuse(ReplyFault::kTooManyElements);
  if (open_.size() >= limits_.depth) return refuse(ReplyFault::kTooDeep);
  const std::size_t items =
      static_cast<std::size_t>(announced) * (kind == Value::Kind::kMap ? 2 : 1);
  open_.push_back({kind, is_attribute, items, {}});
  open_.back().items.reserve(std::min(items, kMostReservedItems));
  close_finished();
}

void ReplyReader::take_integer(std::string_view digits) {
  const auto integer = parse_number<std::int64_t>(without_plus(digits));
  if (!integer) return refuse(ReplyFault::kBadNumber);
  add(Value(*integer));
}

void ReplyReader::take_double(std::string_view digits) {
  const auto number = parse_number<double>(without_plus(digits));  // `inf` and `nan` too
  if (!number) return refuse(ReplyFault::kBadNumber);
  add(Value(*number));
}

void ReplyReader::take_big_number(std::string_view digits) {
  std::string_view rest = digits;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
  const bool is_number =
      !rest.empty() && rest.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_number) return refuse(ReplyFault::kBadNumber);
  add(Value(Value::Kind::kBigNumber, std::string(digits)));
}

void ReplyReader::take_bool(std::string_view flag) {
  if (flag != "t" && flag != "f") return refuse(ReplyFault::kBadBoolean);
  add(Value(flag == "t"));
}

/// Adds a complete value to the aggregate that is open, or makes it the reply.
void ReplyReader::add(Value value) {
  if (open_.empty()) {
    reply_ = std::move(value);
    is_complete_ = true;
    bytes_ = elements_ = 0;
    return;
  }
  if (++elements_ > limits_.elements) return refuse(ReplyFault::kTooManyElements);
  Open& open = open_.back();
  --open.missing;
  if (!open.is_attribute) open.items.push_back(std::move(value));
  close_finished();
}

/// Closes the innermost aggregate if nothing of it is missing; which may complete the next one.
void ReplyReader::close_finished() {
  if (open_.empty() || open_.back().missing > 0) return;
  Open closed = std::move(open_.back());
  open_.pop_back();
  // An attribute stands before the value that it belongs to, and is no element of its own.
  if (!closed.is_attribute) add(Value(closed.kind, std::move(closed.items)));
}

bool ReplyReader::count(std::size_t bytes) noexcept {
  bytes_ += bytes;
  if (bytes_ <= limits_.bytes) return true;
  refuse(ReplyFault::kTooLong);
  return false;
}

}  // namespace aiopyr::redis

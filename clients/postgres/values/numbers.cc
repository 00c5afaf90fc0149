#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

#include <aiopyr/clients/postgres/values/numbers.h>
#include <aiopyr/runtime/base/parse_number.h>

namespace aiopyr::postgres {

namespace {

constexpr const char* kMalformedNumber = "the server sent a malformed number";

[[noreturn]] void throw_mismatch(Oid type) {
  if (type != kNumericOid) throw ValueError();
  throw ValueError("read it as postgres::Numeric, or cast it in SQL, as in `sum(x)::bigint`");
}

template <class Integer>
Integer read_whole(std::string_view bytes) {
  WireReader reader(bytes);
  const auto value = reader.read_integer<Integer>();
  reader.expect_end();
  return value;
}

template <class Float>
std::string shortest_text(Float value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  std::array<char, 32> digits{};
  char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

double parse_double(std::string_view text) {
  // std::from_chars knows nan and infinity too, in any case. It leaves the number alone where it is
  // out of range, which the server's own numbers are not.
  const std::optional<double> number = parse_number<double>(text);
  if (!number) throw ValueError(kMalformedNumber);
  return *number;
}

// The binary format of numeric: numeric_send() of PostgreSQL's numeric.c.
constexpr std::uint16_t kPositive = 0x0000;
constexpr std::uint16_t kNegative = 0x4000;
constexpr std::uint16_t kNan = 0xC000;
constexpr std::uint16_t kInfinity = 0xD000;
constexpr std::uint16_t kMinusInfinity = 0xF000;
constexpr int kDigitsInGroup = 4;
constexpr std::uint16_t kMostDecimals = 0x3FFF;

/// A number in base 10,000: the first group counts 10,000^weight.
class NumericDigits {
 public:
  explicit NumericDigits(WireReader& reader) {
    count_ = reader.read_integer<std::uint16_t>();
    weight_ = reader.read_integer<std::int16_t>();
    sign_ = reader.read_integer<std::uint16_t>();
    decimals_ = reader.read_integer<std::uint16_t>();
    groups_ = reader.read(std::size_t{2} * count_);
    reader.expect_end();
    if (decimals_ > kMostDecimals) throw ValueError(kMalformedNumber);
  }

  [[nodiscard]] std::string text() const {
    if (sign_ == kNan) return "NaN";
    if (sign_ == kInfinity) return "Infinity";
    if (sign_ == kMinusInfinity) return "-Infinity";
    if (sign_ != kPositive && sign_ != kNegative) throw ValueError(kMalformedNumber);
    std::string text = sign_ == kNegative ? "-" : "";
    append_whole_part(text);
    if (decimals_ > 0) append_decimals(text);
    return text;
  }

 private:
  void append_whole_part(std::string& text) const {
    if (weight_ < 0) {
      text += '0';
      return;
    }
    text += std::to_string(group(0));
    for (int at = 1; at <= weight_; ++at) append_group(text, at);
  }

  void append_decimals(std::string& text) const {
    text += '.';
    const std::size_t end = text.size() + decimals_;
    for (int at = weight_ + 1; text.size() < end; ++at) append_group(text, at);
    text.resize(end);
  }

  void append_group(std::string& text, int at) const {
    const std::string digits = std::to_string(group(at));
    text.append(kDigitsInGroup - digits.size(), '0').append(digits);
  }

  /// Returns the group of that number, also before the first and after the last, which are zero.
  [[nodiscard]] unsigned group(int at) const {
    if (at < 0 || at >= count_) return 0;
    WireReader reader(groups_.substr(std::size_t{2} * static_cast<unsigned>(at), 2));
    const auto digits = reader.read_integer<std::uint16_t>();
    if (digits > 9999) throw ValueError(kMalformedNumber);
    return digits;
  }

  int count_ = 0;
  int weight_ = 0;
  std::uint16_t sign_ = 0;
  std::uint16_t decimals_ = 0;
  std::string_view groups_;
};

}  // namespace

namespace detail {

std::string text_of(float value) { return shortest_text(value); }
std::string text_of(double value) { return shortest_text(value); }

void throw_out_of_range() { throw ValueError("the value does not fit"); }

bool decode_bool(const Value& value) {
  if (value.type != kBoolOid) throw ValueError();
  if (value.bytes.size() != 1) throw ValueError("the server sent a malformed boolean");
  const char byte = value.bytes.front();
  if (!value.is_text()) return byte != 0;
  if (byte != 't' && byte != 'f') throw ValueError("the server sent a malformed boolean");
  return byte == 't';
}

std::int64_t decode_integer(const Value& value) {
  const Oid type = value.type;
  if (type != kInt4Oid && type != kInt8Oid && type != kInt2Oid && type != kOidOid)
    throw_mismatch(type);
  if (value.is_text()) {
    const std::optional<std::int64_t> number = parse_number<std::int64_t>(value.bytes);
    if (!number) throw ValueError(kMalformedNumber);
    return *number;
  }
  if (type == kInt4Oid) return read_whole<std::int32_t>(value.bytes);
  if (type == kInt8Oid) return read_whole<std::int64_t>(value.bytes);
  if (type == kInt2Oid) return read_whole<std::int16_t>(value.bytes);
  return read_whole<std::uint32_t>(value.bytes);
}

float decode_float(const Value& value) {
  if (value.type == kFloat4Oid && !value.is_text())
    return std::bit_cast<float>(read_whole<std::uint32_t>(value.bytes));
  const double number = decode_double(value);
  const auto narrow = static_cast<float>(number);
  if (std::isinf(narrow) && !std::isinf(number)) throw_out_of_range();
  return narrow;
}

double decode_double(const Value& value) {
  if (value.type != kFloat8Oid && value.type != kFloat4Oid) {
    if (value.type != kNumericOid) throw ValueError();
    throw ValueError("read it as postgres::Numeric, or cast it in SQL, as in `avg(x)::float8`");
  }
  if (value.is_text()) return parse_double(value.bytes);
  if (value.type == kFloat8Oid)
    return std::bit_cast<double>(read_whole<std::uint64_t>(value.bytes));
  return std::bit_cast<float>(read_whole<std::uint32_t>(value.bytes));
}

std::string decode_numeric(const Value& value) {
  if (value.type != kNumericOid) throw ValueError();
  if (value.is_text()) return std::string(value.bytes);
  WireReader reader(value.bytes);
  return NumericDigits(reader).text();
}

}  // namespace detail

void PostgresType<float>::encode(float value, WireWriter& out) {
  out.write_integer(std::bit_cast<std::uint32_t>(value));
}

void PostgresType<double>::encode(double value, WireWriter& out) {
  out.write_integer(std::bit_cast<std::uint64_t>(value));
}

}  // namespace aiopyr::postgres

#include <new>

#include <aiopyr/clients/postgres/values/copy.h>
#include <aiopyr/clients/postgres/values/errors.h>
#include <aiopyr/runtime/text/ascii.h>

namespace aiopyr::postgres {

namespace {

// The letters of the escapes, and what they stand for.
constexpr std::string_view kEscapeLetters = "bfnrtv\\";
constexpr std::string_view kEscapedBytes = "\b\f\n\r\t\v\\";
constexpr std::string_view kNull = "\\N";
constexpr char kBetween = '\t';

/// Reads up to `most` digits from the front, as a byte; nullopt if there are none.
std::optional<char> take_byte(std::string_view& text, unsigned base, std::size_t most) {
  unsigned byte = 0;
  std::size_t count = 0;
  for (; count < most && count < text.size(); ++count) {
    const int digit = hex_value(text[count]);
    if (digit < 0 || static_cast<unsigned>(digit) >= base) break;
    byte = base * byte + static_cast<unsigned>(digit);
  }
  if (count == 0) return std::nullopt;
  text.remove_prefix(count);
  return static_cast<char>(byte & 0xFFU);
}

/// Reads what follows a backslash from the front.
char take_escaped(std::string_view& text) {
  constexpr std::size_t kOctalDigits = 3;
  constexpr std::size_t kHexDigits = 2;
  if (text.empty()) throw RowError("a line of COPY ends in the middle of an escape");
  if (const std::optional<char> byte = take_byte(text, 8, kOctalDigits)) return *byte;
  const char letter = text.front();
  text.remove_prefix(1);
  if (letter == 'x') return take_byte(text, 16, kHexDigits).value_or('x');
  const std::size_t known = kEscapeLetters.find(letter);
  return known == std::string_view::npos ? letter : kEscapedBytes[known];
}

std::optional<std::string> read_field(std::string_view field) {
  if (field == kNull) return std::nullopt;
  std::string text;
  text.reserve(field.size());
  while (!field.empty()) {
    const std::size_t plain = std::min(field.find('\\'), field.size());
    text.append(field.substr(0, plain));
    field.remove_prefix(plain);
    if (field.empty()) break;
    field.remove_prefix(1);
    text += take_escaped(field);
  }
  return text;
}

std::string place(std::size_t number) { return std::to_string(number + 1); }

}  // namespace

void CopyLines::add_null(std::size_t number) {
  if (number > 1) text_ += kBetween;
  text_ += kNull;
}

void CopyLines::add_escaped(std::string_view text, std::size_t number) {
  if (number > 1) text_ += kBetween;
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find_first_of(kEscapedBytes), text.size());
    text_.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    text_ += '\\';
    text_ += kEscapeLetters[kEscapedBytes.find(text.front())];
    text.remove_prefix(1);
  }
}

void CopyLines::throw_uncopyable(std::size_t number, const std::type_info& cpp_type) {
  text_.resize(row_);
  try {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw TypeError("$" + std::to_string(number), "", cpp_type, error.what());
  }
}

CopyFields::CopyFields(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  // A tab is never escaped by a backslash before it: the server writes `\t` then.
  for (bool is_last = false; !is_last;) {
    const std::size_t end = line.find(kBetween);
    is_last = end == std::string_view::npos;
    fields_.push_back(read_field(line.substr(0, end)));
    if (!is_last) line.remove_prefix(end + 1);
  }
}

const std::optional<std::string>& CopyFields::field(std::size_t number) const {
  if (number >= size())
    throw RowError("there is no value number " + std::to_string(number) + ": the line has " +
                   std::to_string(size()));
  return fields_[number];
}

void CopyFields::expect_size(std::size_t expected) const {
  if (size() == expected) return;
  throw RowError("the line has " + std::to_string(size()) + " values, and " +
                 std::to_string(expected) + " are read from it");
}

void CopyFields::throw_null(std::size_t number, const std::type_info& cpp_type) {
  throw TypeError(place(number), "", cpp_type, "it is NULL: read a std::optional of that type");
}

void CopyFields::throw_unreadable(std::size_t number, const std::type_info& cpp_type) {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw TypeError(place(number), "", cpp_type, error.what());
  }
}

}  // namespace aiopyr::postgres

#include <limits>

#include <aiopyr/clients/postgres/values/arrays.h>

namespace aiopyr::postgres::detail {

namespace {

[[noreturn]] void throw_malformed_array() { throw ValueError("the server sent a malformed array"); }

[[noreturn]] void throw_dimensions() {
  throw ValueError("it has several dimensions, and only arrays of one can be read");
}

/// Reads the binary format: array_send() of PostgreSQL's arrayfuncs.c.
void read_binary_array(std::string_view bytes, const std::function<void(std::size_t)>& begin,
                       const EachElement& each) {
  WireReader reader(bytes);
  const auto dimensions = reader.read_integer<std::int32_t>();
  const auto flags = reader.read_integer<std::int32_t>();
  const auto type = reader.read_integer<Oid>();
  if (dimensions < 0 || (flags & ~1) != 0) throw_malformed_array();
  if (dimensions == 0) return reader.expect_end();
  if (dimensions > 1) throw_dimensions();
  const auto size = reader.read_integer<std::int32_t>();
  [[maybe_unused]] const auto lower_bound = reader.read_integer<std::int32_t>();
  // Each element has a length of four bytes.
  if (size < 0 || static_cast<std::size_t>(size) > reader.left() / 4) throw_malformed_array();
  begin(static_cast<std::size_t>(size));
  for (std::size_t at = 1; at <= static_cast<std::size_t>(size); ++at) {
    const auto length = reader.read_integer<std::int32_t>();
    if (length < -1) throw_malformed_array();
    if (length < 0) {
      each(at, nullptr);
      continue;
    }
    const Value value{type, Format::kBinary, reader.read(static_cast<std::size_t>(length))};
    each(at, &value);
  }
  reader.expect_end();
}

/// Reads the text format: array_out() of PostgreSQL's arrayfuncs.c.
class TextArray {
 public:
  TextArray(std::string_view text, Oid element) : rest_(text), element_(element) {}

  void read(const EachElement& each) {
    skip_bounds();
    expect('{');
    if (skip('}')) return expect_end();
    for (std::size_t at = 1;; ++at) {
      read_element(at, each);
      if (skip('}')) return expect_end();
      expect(',');
    }
  }

 private:
  /// Skips `[0:2]=`, which stands before an array that does not begin with 1.
  void skip_bounds() {
    if (!rest_.starts_with('[')) return;
    const std::size_t end = rest_.find("]=");
    if (end == std::string_view::npos) throw_malformed_array();
    if (rest_.substr(0, end).find(']') != std::string_view::npos) throw_dimensions();
    rest_.remove_prefix(end + 2);
  }

  void read_element(std::size_t at, const EachElement& each) {
    if (rest_.starts_with('{')) throw_dimensions();
    const bool is_quoted = skip('"');
    const std::string text = is_quoted ? take_quoted() : take_plain();
    if (!is_quoted && text.empty()) throw_malformed_array();
    if (!is_quoted && text == "NULL") return each(at, nullptr);
    const Value value{element_, Format::kText, text};
    each(at, &value);
  }

  std::string take_quoted() {
    std::string text;
    while (!skip('"')) text += take_char();
    return text;
  }

  std::string take_plain() {
    std::string text;
    while (!rest_.starts_with(',') && !rest_.starts_with('}')) text += take_char();
    return text;
  }

  char take_char() {
    skip('\\');
    if (rest_.empty()) throw_malformed_array();
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  bool skip(char c) noexcept {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!skip(c)) throw_malformed_array();
  }
  void expect_end() const {
    if (!rest_.empty()) throw_malformed_array();
  }

  std::string_view rest_;
  Oid element_;
};

}  // namespace

void read_array(const Value& value, const std::function<void(std::size_t)>& begin,
                const EachElement& each) {
  const Oid element = element_type(value.type);
  if (element == 0 && value.type < kFirstUserOid) throw ValueError();
  if (!value.is_text()) return read_binary_array(value.bytes, begin, each);
  TextArray(value.bytes, element).read(each);
}

void begin_binary_array(WireWriter& out, std::size_t size, bool has_nulls, Oid element) {
  if (size > std::numeric_limits<std::int32_t>::max()) throw ValueError("it has too many elements");
  out.write_integer<std::int32_t>(size == 0 ? 0 : 1);
  out.write_integer<std::int32_t>(has_nulls ? 1 : 0);
  out.write_integer<Oid>(element);
  if (size == 0) return;
  out.write_integer(static_cast<std::int32_t>(size));
  out.write_integer<std::int32_t>(1);
}

void end_binary_element(WireWriter& out, std::size_t begin) {
  const std::size_t size = out.size() - begin - sizeof(std::int32_t);
  if (size > std::numeric_limits<std::int32_t>::max()) throw ValueError("an element is too large");
  out.overwrite(begin, static_cast<std::int32_t>(size));
}

void write_null_element(WireWriter& out) { out.write_integer<std::int32_t>(-1); }

void write_quoted(std::string_view text, WireWriter& out) {
  out.write("\"");
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find_first_of("\"\\"), text.size());
    out.write(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    out.write("\\");
    out.write(text.substr(0, 1));
    text.remove_prefix(1);
  }
  out.write("\"");
}

void throw_bad_element(std::size_t at, std::string_view why) {
  std::string reason = "element " + std::to_string(at);
  if (!why.empty()) reason.append(": ").append(why);
  throw ValueError(reason);
}

}  // namespace aiopyr::postgres::detail

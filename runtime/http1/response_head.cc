#include <algorithm>

#include <aiopyr/runtime/http1/response_head.h>

namespace aiopyr {

namespace {

constexpr std::string_view kColon = ": ";
constexpr std::string_view kConnection = "Connection";
constexpr std::string_view kDate = "Date";
constexpr std::size_t kDigits = 3;

/// Writes without checks: size() has measured the room.
class Writer {
 public:
  explicit Writer(char* to) noexcept : to_(to) {}

  void put(std::string_view text) noexcept { to_ = std::copy(text.begin(), text.end(), to_); }
  void put_field(std::string_view name, std::string_view value) noexcept {
    put(name);
    put(kColon);
    put(value);
    put(kEndOfLine);
  }
  void put_code(int code) noexcept {
    for (const int power : {100, 10, 1}) *to_++ = static_cast<char>('0' + code / power % 10);
  }
  [[nodiscard]] char* end() const noexcept { return to_; }

 private:
  char* to_;
};

std::size_t size_of_field(std::string_view name, std::string_view value) noexcept {
  return name.size() + kColon.size() + value.size() + kEndOfLine.size();
}

}  // namespace

std::size_t ResponseHead::size() const noexcept {
  std::size_t size = version.size() + 1 + kDigits + 1 + reason.size() + kEndOfLine.size();
  for (const auto& [name, value] : fields) size += size_of_field(name, value);
  if (!date.empty()) size += size_of_field(kDate, date);
  if (!connection.empty()) size += size_of_field(kConnection, connection);
  return size;
}

char* ResponseHead::write(char* to) const noexcept {
  Writer writer(to);
  writer.put(version);
  writer.put(" ");
  writer.put_code(code);
  writer.put(" ");
  writer.put(reason);
  writer.put(kEndOfLine);
  for (const auto& [name, value] : fields) writer.put_field(name, value);
  if (!date.empty()) writer.put_field(kDate, date);
  if (!connection.empty()) writer.put_field(kConnection, connection);
  return writer.end();
}

std::string ResponseHead::text() const {
  std::string text(size(), '\0');
  write(text.data());
  return text.append(kEndOfLine);
}

}  // namespace aiopyr

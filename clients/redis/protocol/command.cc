#include <array>
#include <charconv>

#include <aiopyr/clients/redis/protocol/command.h>
#include <aiopyr/runtime/text/ascii.h>

namespace aiopyr::redis {

namespace {

constexpr std::size_t kNumberSize = 32;

template <class Number>
std::string_view print(std::array<char, kNumberSize>& buffer, Number number) noexcept {
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

/// Appends a type, a length and the end of the line.
void append_head(std::string& out, char type, std::size_t length) {
  std::array<char, kNumberSize> buffer;
  out.push_back(type);
  out.append(print(buffer, length)).append("\r\n");
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, kNumberSize> buffer;
  detail::append_bulk(out, print(buffer, number));
}

}  // namespace

namespace detail {

void append_bulk(std::string& out, std::string_view argument) {
  append_head(out, '$', argument.size());
  out.append(argument).append("\r\n");
}

void append_bulk(std::string& out, std::int64_t argument) { append_number(out, argument); }

void append_bulk(std::string& out, std::uint64_t argument) { append_number(out, argument); }

void append_bulk(std::string& out, double argument) { append_number(out, argument); }

}  // namespace detail

void Command::append_to(std::string& out) const {
  append_head(out, '*', count_);
  out.append(body_);
}

void Command::add_text(std::string_view text) {
  if (count_ == 1 && traits_->name == "CLIENT") second_ = text;
  if (traits_->use == CommandUse::kMayBlock && ascii_iequals(text, "BLOCK")) blocks_ = true;
  ++count_;
  if (body_.empty()) body_.reserve(64);
  detail::append_bulk(body_, text);
}

}  // namespace aiopyr::redis

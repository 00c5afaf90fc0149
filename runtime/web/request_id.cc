#include <algorithm>
#include <array>
#include <sys/random.h>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/ascii.h>
#include <aiopyr/runtime/web/request.h>
#include <aiopyr/runtime/web/request_id.h>

namespace aiopyr {

namespace {

constexpr std::size_t kLongestId = 128;

/// From the kernel each time, which costs less than a microsecond: a generator of our own would go
/// on the same way on both sides of a fork.
std::string random_hex() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw Error("the system has no random numbers for a request's id");
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

}  // namespace

bool is_request_id(std::string_view text) noexcept {
  constexpr std::string_view kMarks = "-_.:/+=@~";
  return !text.empty() && text.size() <= kLongestId &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return is_ascii_alnum(c) || kMarks.find(c) != std::string_view::npos;
         });
}

std::string make_request_id(std::string_view sent) {
  return is_request_id(sent) ? std::string(sent) : random_hex();
}

const std::string& Request::id() {
  if (id_.empty()) id_ = make_request_id(environ_.get("HTTP_X_REQUEST_ID"));
  return id_;
}

}  // namespace aiopyr

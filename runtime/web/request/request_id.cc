#include <algorithm>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/digest.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/request/request_id.h>

namespace aiopyr {

namespace {

constexpr std::size_t kLongestId = 128;

constexpr std::size_t kRandomBytes = 16;

}  // namespace

bool is_request_id(std::string_view text) noexcept {
  constexpr std::string_view kMarks = "-_.:/+=@~";
  return !text.empty() && text.size() <= kLongestId &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return is_ascii_alnum(c) || kMarks.find(c) != std::string_view::npos;
         });
}

std::string make_request_id(std::string_view sent) {
  return is_request_id(sent) ? std::string(sent) : random_hex(kRandomBytes);
}

const std::string& Request::id() {
  if (id_.empty()) id_ = make_request_id(environ_.get("HTTP_X_REQUEST_ID"));
  return id_;
}

}  // namespace aiopyr

#include <algorithm>
#include <array>

#include <aiopyr/clients/redis/protocol/reply_error.h>
#include <aiopyr/clients/redis/protocol/value.h>

namespace aiopyr::redis {

namespace {

constexpr std::size_t kLongestText = 300;

/// Returns the server's text for a message: one line, without the arguments that some errors
/// repeat, which may be secrets.
std::string shown_error(std::string_view text) {
  std::string shown(text.substr(0, text.find(", with args beginning with")));
  if (shown.size() > kLongestText) shown.resize(kLongestText);
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  const std::string_view code = error_code(text);
  if (code == "MOVED" || code == "ASK") {
    shown += ": clusters are not supported, give the client a server that is no node of one";
  }
  return shown;
}

/// Returns whether the server has refused for its own state, which passes.
bool is_passing(std::string_view code) noexcept {
  constexpr std::array<std::string_view, 7> kPassing = {
      "LOADING", "BUSY", "READONLY", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN", "NOREPLICAS"};
  return std::find(kPassing.begin(), kPassing.end(), code) != kPassing.end();
}

}  // namespace

ReplyError::ReplyError(Context context, std::string_view text)
    : ServerError(std::move(context), shown_error(text),
                  is_passing(error_code(text)) ? Retry::kSafe : Retry::kUseless),
      code_(error_code(text)) {}

}  // namespace aiopyr::redis

#include "next_url.h"

#include <algorithm>

namespace shared {

using namespace aiopyr;

namespace {

/// A longer URL does not fit into a form's field, nor into every server's line of a request.
constexpr std::size_t kLongest = 2000;

/// Returns whether browsers treat a character specially: control characters, spaces, backslashes.
bool is_odd(char c) noexcept {
  return static_cast<unsigned char>(c) <= ' ' || c == '\\' || c == 0x7F;
}

/// Returns whether it is only a path, perhaps with a query: no scheme, no host.
bool is_path(std::string_view next) noexcept {
  return next.starts_with('/') && !next.starts_with("//");
}

bool is_name(std::string_view next) noexcept {
  return !next.empty() && next.find_first_of(":/?#") == std::string_view::npos;
}

}  // namespace

std::string safe_next_url(Request& request, std::string_view next, const std::string& home) {
  const std::string site = request.host_url();
  if (next.starts_with(site)) next.remove_prefix(site.size());
  const bool is_clean = next.size() <= kLongest && std::none_of(next.begin(), next.end(), is_odd);
  if (is_clean && is_path(next)) return site + std::string(next);
  if (is_clean && is_name(next)) return request.application_url() + "/" + std::string(next);
  return home;
}

std::string url_after_login(Request& request, const std::string& home) {
  const std::string* next = request.params().find("next");
  const std::string url = safe_next_url(
      request, next != nullptr ? *next : std::string(request.header("Referer")), home);
  const bool is_form = url.starts_with(request.route_url("login"));
  return is_form ? home : url;
}

Task<Response> to_login(Request& request) {
  co_return HTTPSeeOther(request.route_url("login", {}, {.query = {{"next", request.url()}}}));
}

}  // namespace shared

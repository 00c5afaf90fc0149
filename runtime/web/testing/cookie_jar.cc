#include <algorithm>
#include <utility>

#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/testing/cookie_jar.h>

namespace aiopyr::testing {

namespace {

/// Returns the default path of a cookie: RFC 6265 section 5.1.4.
std::string default_path(std::string_view request_path) {
  const auto slash = request_path.rfind('/');
  if (!request_path.starts_with('/') || slash == 0) return "/";
  return std::string(request_path.substr(0, slash));
}

bool path_matches(std::string_view path, std::string_view of_cookie) {
  if (!path.starts_with(of_cookie)) return false;
  return path.size() == of_cookie.size() || of_cookie.ends_with('/') ||
         path[of_cookie.size()] == '/';
}

/// Returns whether a host matches a domain: RFC 6265 section 5.1.3.
bool domain_matches(std::string_view host, std::string_view domain) {
  if (ascii_iequals(host, domain)) return true;
  if (host.size() <= domain.size()) return false;
  const auto rest = host.size() - domain.size();
  return host[rest - 1] == '.' && ascii_iequals(host.substr(rest), domain);
}

}  // namespace

void CookieJar::store(std::string_view set_cookie, const CookieTarget& from) {
  auto cookie = parse(set_cookie, from);
  if (!cookie) return;
  std::erase_if(cookies_, [&](const Cookie& other) {
    return other.name == cookie->name && other.domain == cookie->domain &&
           other.path == cookie->path;
  });
  if (!is_expired(*cookie)) cookies_.push_back(std::move(*cookie));
}

std::optional<CookieJar::Cookie> CookieJar::parse(std::string_view set_cookie,
                                                  const CookieTarget& from) const {
  std::string_view pair = trim_whitespace(take_until(set_cookie, ';'));
  const auto equals = pair.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  Cookie cookie{std::string(trim_whitespace(pair.substr(0, equals))),
                std::string(trim_whitespace(pair.substr(equals + 1)))};
  cookie.domain = std::string(from.host);
  cookie.path = default_path(from.path);
  bool has_max_age = false;
  while (!set_cookie.empty()) {
    std::string_view value = trim_whitespace(take_until(set_cookie, ';'));
    const std::string_view name = trim_whitespace(take_until(value, '='));
    apply_attribute(cookie, name, trim_whitespace(value), has_max_age);
  }
  if (!domain_matches(from.host, cookie.domain)) return std::nullopt;
  return cookie;
}

void CookieJar::apply_attribute(Cookie& cookie, std::string_view name, std::string_view value,
                                bool& has_max_age) const {
  if (ascii_iequals(name, "max-age")) {
    const auto seconds = parse_number<long long>(value);
    if (!seconds) return;
    has_max_age = true;
    constexpr long long kLongest = 400LL * 24 * 3600;
    cookie.expires = clock_() + std::chrono::seconds(std::clamp<long long>(*seconds, 0, kLongest));
  } else if (ascii_iequals(name, "expires") && !has_max_age) {
    if (const auto date = parse_cookie_date(value)) cookie.expires = date;
  } else if (ascii_iequals(name, "path") && value.starts_with('/')) {
    cookie.path = std::string(value);
  } else if (ascii_iequals(name, "domain") && !value.empty()) {
    cookie.domain = std::string(value.starts_with('.') ? value.substr(1) : value);
    cookie.host_only = false;
  } else if (ascii_iequals(name, "secure")) {
    cookie.is_secure = true;
  }
}

bool CookieJar::is_expired(const Cookie& cookie) const {
  return cookie.expires && *cookie.expires <= clock_();
}

bool CookieJar::is_for(const Cookie& cookie, const CookieTarget& to) const {
  if (is_expired(cookie) || (cookie.is_secure && !to.is_secure)) return false;
  if (!path_matches(to.path, cookie.path)) return false;
  if (cookie.domain.empty()) return true;
  return cookie.host_only ? ascii_iequals(to.host, cookie.domain)
                          : domain_matches(to.host, cookie.domain);
}

std::string CookieJar::header_for(const CookieTarget& to) const {
  std::vector<const Cookie*> chosen;
  for (const Cookie& cookie : cookies_) {
    if (is_for(cookie, to)) chosen.push_back(&cookie);
  }
  // Sorts by RFC 6265 section 5.4: longer paths first, then the older ones.
  std::stable_sort(chosen.begin(), chosen.end(), [](const Cookie* a, const Cookie* b) {
    return a->path.size() > b->path.size();
  });
  std::string header;
  for (const Cookie* cookie : chosen) {
    header.append(header.empty() ? "" : "; ").append(cookie->name).append("=");
    header.append(cookie->value);
  }
  return header;
}

std::optional<std::string> CookieJar::get(std::string_view name) const {
  for (const Cookie& cookie : cookies_) {
    if (cookie.name == name && !is_expired(cookie)) return cookie.value;
  }
  return std::nullopt;
}

void CookieJar::set(std::string name, std::string value) {
  erase(name);
  cookies_.push_back({std::move(name), std::move(value)});
}

void CookieJar::erase(std::string_view name) {
  std::erase_if(cookies_, [&](const Cookie& cookie) { return cookie.name == name; });
}

}  // namespace aiopyr::testing

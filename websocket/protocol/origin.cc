#include <algorithm>
#include <cstddef>

#include <aiopyr/websocket/protocol/http_list.h>
#include <aiopyr/websocket/protocol/origin.h>

namespace aiopyr::websocket {
namespace {

using detail::equals_ignoring_case;

struct Authority {
  std::string_view host;
  std::string_view port;
};

// The colons of an IPv6 address stand inside of brackets; the port's follows them.
Authority split_authority(std::string_view text, bool secure) noexcept {
  const auto bracket = text.rfind(']');
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  Authority authority{text.substr(0, colon), {}};
  if (colon != std::string_view::npos) authority.port = text.substr(colon + 1);
  if (authority.port.empty()) authority.port = secure ? "443" : "80";
  return authority;
}

bool is_secure(std::string_view scheme) noexcept {
  return equals_ignoring_case(scheme, "https") || equals_ignoring_case(scheme, "wss");
}

struct Origin {
  std::string_view scheme;
  std::string_view authority;
};

// An origin without "://" (such as "null") has neither part.
Origin split_origin(std::string_view text) noexcept {
  constexpr std::string_view kMark = "://";
  const auto mark = text.find(kMark);
  if (mark == std::string_view::npos) return {};
  return {text.substr(0, mark), text.substr(mark + kMark.size())};
}

bool is_same_authority(std::string_view left, std::string_view right, bool secure) noexcept {
  const auto a = split_authority(left, secure);
  const auto b = split_authority(right, secure);
  return !a.host.empty() && equals_ignoring_case(a.host, b.host) && a.port == b.port;
}

// A listed origin may be one that is no page's, such as `null` or a browser extension's.
bool is_listed_as(std::string_view origin, std::string_view listed) noexcept {
  const auto theirs = split_origin(origin);
  const auto ours = split_origin(listed);
  if (ours.authority.empty()) return equals_ignoring_case(origin, listed);
  return equals_ignoring_case(theirs.scheme, ours.scheme) &&
         is_same_authority(theirs.authority, ours.authority, is_secure(ours.scheme));
}

}  // namespace

bool is_same_origin(std::string_view origin, std::string_view scheme,
                    std::string_view host) noexcept {
  const auto page = split_origin(origin);
  const bool secure = equals_ignoring_case(page.scheme, "https");
  if (!secure && !equals_ignoring_case(page.scheme, "http")) return false;
  if (!scheme.empty() && is_secure(scheme) != secure) return false;
  return is_same_authority(page.authority, host, secure);
}

OriginPolicy OriginPolicy::from_setting(std::string_view setting) {
  std::string list{setting};
  std::replace_if(
      list.begin(), list.end(), [](char c) { return c == ' ' || c == '\t' || c == '\n'; }, ',');
  OriginPolicy policy;
  const auto elements = detail::split_list(list);
  policy.self_ = elements.empty();
  for (const auto element : elements) {
    if (element == "*") {
      policy.any_ = true;
    } else if (element == "self") {
      policy.self_ = true;
    } else {
      policy.allowed_.emplace_back(element);
    }
  }
  return policy;
}

bool OriginPolicy::allows(std::string_view origin, std::string_view scheme,
                          std::string_view host) const {
  origin = detail::trim(origin);
  if (any_ || origin.empty()) return true;
  if (self_ && is_same_origin(origin, detail::trim(scheme), detail::trim(host))) return true;
  return std::any_of(allowed_.begin(), allowed_.end(),
                     [origin](const std::string& listed) { return is_listed_as(origin, listed); });
}

}  // namespace aiopyr::websocket

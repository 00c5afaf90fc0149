#include <algorithm>
#include <cstddef>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/authority.h>
#include <aiopyr/runtime/text/header_params.h>
#include <aiopyr/websocket/protocol/origin.h>

namespace aiopyr::websocket {
namespace {

Authority split_with_port(std::string_view text, bool secure) noexcept {
  Authority authority = split_authority(text);
  if (authority.port.empty()) authority.port = default_port(secure ? "https" : "http");
  return authority;
}

bool is_secure(std::string_view scheme) noexcept {
  return ascii_iequals(scheme, "https") || ascii_iequals(scheme, "wss");
}

struct Origin {
  std::string_view scheme;
  std::string_view authority;
};

// An origin without "://" (such as "null") has neither part, nor has one with a path.
Origin split_origin(std::string_view text) noexcept {
  const UrlStart start = split_url_start(text);
  if (!start.rest.empty()) return {};
  return {start.scheme, start.authority};
}

bool is_same_authority(std::string_view left, std::string_view right, bool secure) noexcept {
  const auto a = split_with_port(left, secure);
  const auto b = split_with_port(right, secure);
  return !a.host.empty() && ascii_iequals(a.host, b.host) && a.port == b.port;
}

// Compares with a listed origin, which need not be a page's, such as `null` or that of a browser
// extension.
bool is_listed_as(std::string_view origin, std::string_view listed) noexcept {
  const auto theirs = split_origin(origin);
  const auto ours = split_origin(listed);
  if (ours.authority.empty()) return ascii_iequals(origin, listed);
  return ascii_iequals(theirs.scheme, ours.scheme) &&
         is_same_authority(theirs.authority, ours.authority, is_secure(ours.scheme));
}

}  // namespace

bool is_same_origin(std::string_view origin, std::string_view scheme,
                    std::string_view host) noexcept {
  const auto page = split_origin(origin);
  const bool secure = ascii_iequals(page.scheme, "https");
  if (!secure && !ascii_iequals(page.scheme, "http")) return false;
  if (!scheme.empty() && is_secure(scheme) != secure) return false;
  return is_same_authority(page.authority, host, secure);
}

OriginPolicy OriginPolicy::from_setting(std::string_view setting) {
  std::string list{setting};
  std::replace_if(
      list.begin(), list.end(), [](char c) { return c == ' ' || c == '\t' || c == '\n'; }, ',');
  OriginPolicy policy;
  const auto elements = split_header_list(list);
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
  origin = trim_whitespace(origin);
  if (any_ || origin.empty()) return true;
  if (self_ && is_same_origin(origin, trim_whitespace(scheme), trim_whitespace(host))) return true;
  return std::any_of(allowed_.begin(), allowed_.end(),
                     [origin](const std::string& listed) { return is_listed_as(origin, listed); });
}

}  // namespace aiopyr::websocket

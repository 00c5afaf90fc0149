#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>

#include <aiopyr/runtime/text/authority.h>
#include <aiopyr/runtime/text/octets.h>
#include <aiopyr/runtime/text/percent_escape.h>

namespace aiopyr {

namespace {

bool is_port(std::string_view text) noexcept {
  constexpr int kMost = 65535;
  int port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    port = port * 10 + (c - '0');
    if (port > kMost) return false;
  }
  return true;
}

bool is_name(std::string_view text) noexcept {
  return detail::all_octets(text, detail::kNameOctet) && !find_bad_escape(text);
}

bool is_ipv6(std::string_view text) noexcept {
  std::array<char, INET6_ADDRSTRLEN> address{};
  // Refuses a NUL, at which the text would end for inet_pton().
  if (text.size() >= address.size() || text.find('\0') != std::string_view::npos) return false;
  std::copy(text.begin(), text.end(), address.begin());
  in6_addr parsed{};
  return inet_pton(AF_INET6, address.data(), &parsed) == 1;
}

}  // namespace

Authority split_authority(std::string_view text) noexcept {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || text.find(']', colon) != std::string_view::npos) {
    return {text, {}};
  }
  return {text.substr(0, colon), text.substr(colon + 1)};
}

bool is_authority(std::string_view text) noexcept {
  const auto end_of_host = text.starts_with('[') ? text.find(']') : text.find(':');
  const auto [host, port] = split_authority(text);
  if (!is_port(port)) return false;
  if (!text.starts_with('[')) {
    // A name has no colon: the first colon must be the last one, that of the port.
    return !host.empty() && host.size() == std::min(end_of_host, text.size()) && is_name(host);
  }
  return host.size() == end_of_host + 1 && is_ipv6(host.substr(1, host.size() - 2));
}

std::optional<std::string> plain_port(std::string_view text) {
  if (!is_port(text)) return std::nullopt;
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  if (text.empty()) return std::nullopt;
  return std::string(text);
}

std::string_view default_port(std::string_view scheme) noexcept {
  if (scheme == "https") return "443";
  return scheme == "http" ? "80" : "";
}

UrlStart split_url_start(std::string_view url) noexcept {
  constexpr std::string_view kMark = "://";
  const auto mark = url.find(kMark);
  if (mark == std::string_view::npos) return {{}, {}, url};
  const std::string_view behind = url.substr(mark + kMark.size());
  const auto end = std::min(behind.find_first_of("/?#"), behind.size());
  return {url.substr(0, mark), behind.substr(0, end), behind.substr(end)};
}

}  // namespace aiopyr

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <aiopyr/clients/base/connection_url.h>
#include <aiopyr/clients/http/proxy.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/percent_escape.h>

namespace aiopyr::http {

namespace {

/// Returns the first of these variables that has a value.
std::string environment(std::initializer_list<const char*> names) {
  for (const char* const name : names) {
    const char* const value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

std::uint16_t default_port(std::string_view scheme) noexcept {
  constexpr std::uint16_t kSocks = 1080;
  constexpr std::uint16_t kHttps = 443;
  constexpr std::uint16_t kHttp = 8080;
  if (scheme.starts_with("socks")) return kSocks;
  return scheme == "https" ? kHttps : kHttp;
}

std::optional<Proxy> proxy_if_any(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return parse_proxy(text);
}

}  // namespace

Proxy parse_proxy(const std::string& text) {
  const bool has_scheme = text.find("://") != std::string::npos;
  const auto url = clients::ConnectionUrl::parse(has_scheme ? text : "http://" + text);
  const std::string scheme = url.scheme == "socks5" ? "socks5h" : url.scheme;
  if (scheme != "http" && scheme != "https" && scheme != "socks5h") {
    throw ConfigurationError("the proxy " + url.shown() +
                             " has an unknown scheme: known are http, https and socks5");
  }
  if (url.hosts.size() != 1 || url.hosts.front().name.empty()) {
    throw ConfigurationError("a proxy's URL needs one host: " + url.shown());
  }
  Proxy proxy;
  proxy.host = url.hosts.front().name;
  proxy.port = url.hosts.front().port.value_or(default_port(scheme));
  const bool is_ipv6 = proxy.host.find(':') != std::string::npos;
  const std::string shown = is_ipv6 ? "[" + proxy.host + "]" : proxy.host;
  proxy.url = scheme + "://" + shown + ":" + std::to_string(proxy.port);
  // libcurl splits at the first colon, and decodes both.
  if (!url.user.empty())
    proxy.credentials = percent_encode(url.user) + ":" + percent_encode(url.password);
  return proxy;
}

Proxies::Proxies(const ClientOptions& options) {
  if (!options.proxy.empty()) {
    http_ = https_ = parse_proxy(options.proxy);
  } else if (options.proxy_from_environment) {
    read_environment();
  }
}

void Proxies::read_environment() {
  const std::string all = environment({"all_proxy", "ALL_PROXY"});
  // Not HTTP_PROXY: a CGI server sets it from a client's header.
  const std::string http = environment({"http_proxy"});
  const std::string https = environment({"https_proxy", "HTTPS_PROXY"});
  http_ = proxy_if_any(http.empty() ? all : http);
  https_ = proxy_if_any(https.empty() ? all : https);
  const std::string exceptions = environment({"no_proxy", "NO_PROXY"});
  for (std::string_view rest = exceptions; !rest.empty();) {
    std::string_view name = trim_whitespace(take_until(rest, ','));
    if (name.starts_with('.')) name.remove_prefix(1);
    if (!name.empty()) exceptions_.push_back(ascii_lower(name));
  }
}

bool Proxies::is_excepted(std::string_view host) const noexcept {
  return std::any_of(exceptions_.begin(), exceptions_.end(), [&](const std::string& name) {
    if (name == "*" || host == name) return true;
    return host.size() > name.size() && host.ends_with(name) &&
           host[host.size() - name.size() - 1] == '.';
  });
}

const Proxy* Proxies::find(const Url& url) const noexcept {
  const auto& proxy = url.is_https() ? https_ : http_;
  return proxy && !is_excepted(url.host()) ? &*proxy : nullptr;
}

}  // namespace aiopyr::http

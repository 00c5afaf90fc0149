#include <algorithm>
#include <sstream>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/authority.h>
#include <aiopyr/runtime/web/derivers/csrf.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/host_parts.h>
#include <aiopyr/runtime/web/request/request.h>

// pyramid.csrf.check_csrf_origin: over https, a request must come from one of our own pages.
namespace aiopyr {
namespace {

using Hosts = std::vector<std::string>;

/// Returns the setting, split at whitespace.
Hosts hosts_of_settings(const Settings& settings) {
  const auto setting = settings.find("pyramid.csrf_trusted_origins");
  if (setting == settings.end()) return {};
  std::istringstream words(setting->second);
  return {std::istream_iterator<std::string>(words), std::istream_iterator<std::string>()};
}

std::string own_host(const Request& request) {
  const detail::HostParts host = detail::host_parts_of(request);
  if (host.port == "80" || host.port == "443") return host.domain;
  return host.domain + ":" + host.port;
}

/// Compares as pyramid.util.is_same_domain: a pattern that starts with a dot includes all hosts
/// below.
bool is_same_domain(const std::string& host, const std::string& trusted) {
  const std::string pattern = ascii_lower(trusted);
  if (pattern.empty()) return false;
  if (pattern[0] != '.') return host == pattern;
  return host.ends_with(pattern) || host == pattern.substr(1);
}

struct Origin {
  std::string_view text;
  bool is_referer = false;
};

Origin origin_of(const Request& request) {
  const std::string_view header = request.header("Origin");
  if (header.data() == nullptr) return {request.header("Referer"), true};
  // Takes the last of several: servers append, so it is from the nearest one; npos + 1 is 0.
  return {header.substr(header.rfind(' ') + 1)};
}

/// Returns the reason to refuse a request; empty if there is none.
std::string find_fault(const Request& request, const CheckCSRFOriginOptions& options) {
  const Origin origin = origin_of(request);
  if (origin.text.empty()) return options.allow_no_origin ? "" : "missing Origin or Referer.";
  Hosts trusted = options.trusted_origins ? *options.trusted_origins
                                          : hosts_of_settings(request.registry().settings);
  trusted.push_back(own_host(request));
  if (!origin.is_referer && origin.text == "null") {
    const bool is_trusted = std::find(trusted.begin(), trusted.end(), "null") != trusted.end();
    return is_trusted ? "" : "null does not match any trusted origins.";
  }
  const UrlStart url = split_url_start(origin.text);
  if (!ascii_iequals(url.scheme, "https")) return "Origin is insecure while host is secure.";
  const std::string host = ascii_lower(url.authority);
  const bool is_trusted =
      std::any_of(trusted.begin(), trusted.end(),
                  [&host](const std::string& pattern) { return is_same_domain(host, pattern); });
  return is_trusted ? "" : printable(origin.text) + " does not match any trusted origins.";
}

}  // namespace

bool check_csrf_origin(Request& request, const CheckCSRFOriginOptions& options) {
  if (request.scheme() != "https") return true;
  const std::string fault = find_fault(request, options);
  if (fault.empty()) return true;
  if (options.raises) throw BadCSRFOrigin("Origin checking failed - " + fault);
  return false;
}

}  // namespace aiopyr

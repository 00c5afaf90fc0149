#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/authority.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/request/url_assembly.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr {

namespace {

constexpr std::string_view kAnchorSafe = "/?:@!$&'()*+,;=";  // RFC 3986 section 3.5

const Route& require_route(const RoutesMapper& routes, std::string_view name) {
  if (const Route* route = routes.find(name)) return *route;
  throw KeyError(routes.no_such_route(name));
}

/// Applies an external URL, as pyramid.config.routes does by a pregenerator of its own.
void use_external_url(const Route& route, const Request& request, UrlOptions& options) {
  if (options.app_url) {
    throw Error("the route '" + route.name + "' leads to another site, " + route.external_url +
                ": it has no path here, so use route_url() without app_url");
  }
  const std::string& url = route.external_url;
  const auto authority = url.find("//");
  std::string scheme = options.scheme;
  if (scheme.empty()) scheme = authority == 0 ? request.scheme() : url.substr(0, authority - 1);
  options.app_url = scheme + ":" + url.substr(authority);
}

}  // namespace

std::string detail::app_url_of(const Request& request, const UrlOptions& options) {
  if (options.app_url) return *options.app_url;
  if (options.scheme.empty() && options.host.empty() && options.port == 0) {
    return request.application_url();
  }
  return request.partial_application_url(options.scheme, options.host, options.port);
}

std::string detail::query_and_anchor(const UrlQuery& query, std::string_view anchor) {
  return query.to_string() + (anchor.empty() ? "" : "#" + url_quote(anchor, kAnchorSafe));
}

std::string detail::join_elements(const std::vector<std::string>& elements) {
  std::string joined;
  for (const std::string& element : elements) {
    if (&element != &elements.front()) joined += '/';
    joined += url_quote(element, kPathSegmentSafe);
  }
  return joined;
}

std::string detail::script_path(const Request& request) {
  return url_quote(request.script_name(), kPathSafe);
}

std::string Request::partial_application_url(std::string_view other_scheme,
                                             std::string_view other_host, int other_port) const {
  const std::string_view url_scheme = other_scheme.empty() ? scheme() : other_scheme;
  const std::string authority = other_host.empty() ? host() : std::string(other_host);
  const auto [name, told_port] = split_authority(authority);
  std::string port(told_port);
  if (other_port != 0) {
    port = std::to_string(other_port);
  } else if (!default_port(other_scheme).empty()) {
    port = default_port(other_scheme);
  } else if (port.empty()) {
    port = environ_.get("SERVER_PORT");
  }
  std::string url(url_scheme);
  url.append("://").append(name);
  if (!port.empty() && port != default_port(url_scheme)) url += ":" + port;
  return url + detail::script_path(*this);
}

std::string Request::route_url(std::string_view route_name, const RouteValues& values,
                               const UrlOptions& options) {
  const Route& route = require_route(registry_.routes, route_name);
  RouteValues used = values;
  UrlOptions with = options;
  if (!route.external_url.empty()) use_external_url(route, *this, with);
  if (route.pregenerator) route.pregenerator(*this, used, with);
  std::string url = detail::app_url_of(*this, with);
  try {
    url += route.pattern.generate(used);
  } catch (const KeyError& error) {
    throw KeyError("the URL of the route '" + route.name + "': " + error.what());
  }
  if (!with.elements.empty()) {
    if (!url.ends_with('/')) url += '/';
    url += detail::join_elements(with.elements);
  }
  return url + detail::query_and_anchor(with.query, with.anchor);
}

std::string Request::route_path(std::string_view route_name, const RouteValues& values,
                                UrlOptions options) {
  options.app_url = detail::script_path(*this);
  return route_url(route_name, values, options);
}

std::string Request::current_route_url(const RouteValues& values, UrlOptions options) {
  if (matched_route().empty()) {
    throw Error("there is no URL of the current route: no route has matched " + path());
  }
  RouteValues all;
  for (auto& [name, value] : matchdict().items()) all.set(name, value);
  all.update(values);
  if (!options.query.is_given()) options.query = GET();
  return route_url(matched_route(), all, options);
}

std::string Request::current_route_path(const RouteValues& values, UrlOptions options) {
  options.app_url = detail::script_path(*this);
  return current_route_url(values, std::move(options));
}

}  // namespace aiopyr

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/authority.h>
#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/request/host_parts.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr {
namespace {

std::string_view or_else(std::string_view value, std::string_view fallback) noexcept {
  return value.empty() ? fallback : value;
}

/// Returns the part behind `scheme://authority` in an absolute-form target (RFC 9112 section
/// 3.2.2).
std::string_view strip_authority(std::string_view target) noexcept {
  if (target.starts_with('/')) return target;
  const UrlStart start = split_url_start(target);
  if (start.scheme.empty() || start.rest.starts_with('/')) return start.rest;
  return "/";
}

std::string_view without_default_port(std::string_view host, std::string_view scheme) noexcept {
  const Authority authority = split_authority(host);
  return authority.port == default_port(scheme) ? authority.host : host;
}

std::string with_query(std::string url, std::string_view query) {
  if (!query.empty()) url.append("?").append(query);
  return url;
}

}  // namespace

std::string_view Request::checked_text(std::string_view variable) const {
  const std::string_view text = environ_.get(variable);
  if (const auto error = find_utf8_error(text)) throw HTTPBadRequest(describe(*error));
  return text;
}

std::string_view Request::method() const {
  if (method_.empty()) method_ = or_else(environ_.get("REQUEST_METHOD"), "GET");
  return method_;
}

std::string_view Request::http_version() const {
  return or_else(environ_.get("SERVER_PROTOCOL"), "HTTP/1.0");
}

std::string_view Request::script_name() const { return checked_text("SCRIPT_NAME"); }

std::string_view Request::path_info() const {
  if (!path_info_) {
    const std::string_view path = checked_text("PATH_INFO");
    path_info_ = path.empty() && script_name().empty() ? "/" : path;
  }
  return *path_info_;
}

std::string Request::path() const {
  return url_quote(script_name(), kPathSafe) + url_quote(path_info(), kPathSafe);
}

std::string Request::path_qs() const { return with_query(path(), query_string()); }

std::string_view Request::raw_path() const {
  const std::string_view target = strip_authority(environ_.get("REQUEST_URI"));
  return target.substr(0, target.find('?'));
}

std::string_view Request::query_string() const { return environ_.get("QUERY_STRING"); }

std::string_view Request::scheme() const {
  return detail::scheme_told(environ_.get("UWSGI_SCHEME"), environ_.get("HTTPS"),
                             environ_.get("REQUEST_SCHEME"));
}

std::string Request::host() const {
  const std::string_view header = environ_.get("HTTP_HOST");
  if (!header.empty()) return std::string(header);
  std::string host(or_else(environ_.get("SERVER_NAME"), "localhost"));
  const std::string_view port = environ_.get("SERVER_PORT");
  if (!port.empty()) host.append(":").append(port);
  return host;
}

std::string Request::host_url() const {
  const std::string full_host = host();
  std::string url(scheme());
  return url.append("://").append(without_default_port(full_host, scheme()));
}

std::string Request::application_url() const {
  return host_url() + url_quote(script_name(), kPathSafe);
}

std::string Request::path_url() const {
  return application_url() + url_quote(path_info(), kPathSafe);
}

std::string Request::url() const { return with_query(path_url(), query_string()); }

std::string_view Request::remote_addr() const { return environ_.get("REMOTE_ADDR"); }

std::string_view Request::remote_port() const { return environ_.get("REMOTE_PORT"); }

}  // namespace aiopyr

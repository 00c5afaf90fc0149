#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/authority.h>
#include <aiopyr/runtime/web/forms/form_encoding.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/request/blank_request.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr {

namespace {

/// The parts of a URL, as written.
struct UrlParts {
  std::string_view scheme;
  std::string_view host;
  std::string_view path;
  std::string_view query;
};

bool is_whole_url(std::string_view url) noexcept {
  return url.starts_with("http://") || url.starts_with("https://");
}

UrlParts split_url(std::string_view url) {
  UrlParts parts;
  url = url.substr(0, url.find('#'));
  const auto question = url.find('?');
  if (question != std::string_view::npos) parts.query = url.substr(question + 1);
  url = url.substr(0, question);
  if (is_whole_url(url)) {
    const UrlStart start = split_url_start(url);
    parts.scheme = start.scheme;
    parts.host = start.authority;
    url = start.rest;
    if (parts.host.empty()) throw Error("a request for a URL without a host");
  }
  parts.path = url;
  return parts;
}

UrlParts split_base(std::string_view base_url) {
  if (base_url.empty()) base_url = "http://localhost";
  if (!is_whole_url(base_url)) {
    throw Error("the base URL of a request is like http://localhost/prefix, and not '" +
                std::string(base_url) + "'");
  }
  UrlParts base = split_url(base_url);
  if (base.path.ends_with('/')) base.path.remove_suffix(1);
  return base;
}

void set_url(BlankEnviron::Variables& variables, std::string_view url, std::string_view base_url) {
  UrlParts parts = split_url(url);
  UrlParts base = is_whole_url(url) ? parts : split_base(base_url);
  if (is_whole_url(url)) base.path = {};
  if (!parts.path.empty() && !parts.path.starts_with('/')) {
    throw Error("a request is for a path that begins with /, or for a URL, and not for '" +
                std::string(url) + "'");
  }
  const auto [name, port] = split_authority(base.host);
  variables["REQUEST_SCHEME"] = std::string(base.scheme);
  if (base.scheme == "https") variables["HTTPS"] = "on";
  variables["HTTP_HOST"] = std::string(base.host);
  variables["SERVER_NAME"] = std::string(name);
  variables["SERVER_PORT"] = std::string(port.empty() ? default_port(base.scheme) : port);
  variables["SERVER_PROTOCOL"] = "HTTP/1.1";
  variables["SCRIPT_NAME"] = url_unquote(base.path);
  variables["PATH_INFO"] = url_unquote(parts.path);
  variables["QUERY_STRING"] = std::string(parts.query);
  std::string target = std::string(base.path) + std::string(parts.path);
  if (target.empty()) target = "/";
  if (!parts.query.empty()) target.append("?").append(parts.query);
  variables["REQUEST_URI"] = target;
}

/// Sets the headers as CGI variables (RFC 3875 section 4.1.18); repeated ones are joined as servers
/// do it.
void set_headers(BlankEnviron::Variables& variables, const Headers& headers) {
  for (const auto& [name, value] : headers) {
    std::string variable;
    for (const char c : name) variable += c == '-' ? '_' : ascii_upper(c);
    if (variable == "CONTENT_LENGTH") continue;
    if (variable == "CONTENT_TYPE" || variable == "HOST") {
      variables[variable == "HOST" ? "HTTP_HOST" : variable] = value;
      continue;
    }
    std::string& joined = variables["HTTP_" + variable];
    if (!joined.empty()) joined += variable == "COOKIE" ? "; " : ", ";
    joined += value;
  }
}

/// Encodes the body of the options, with its type.
EncodedForm encode_body(BlankOptions& options) {
  if (!options.files.empty()) {
    return encode_multipart(options.post.value_or(MultiDict()), options.files);
  }
  if (options.post) return {"application/x-www-form-urlencoded", url_encode(*options.post)};
  if (options.json) return {"application/json", options.json->dump()};
  return {std::move(options.content_type), std::move(options.body)};
}

}  // namespace

BlankEnviron::BlankEnviron(Variables variables, std::string body)
    : variables_(std::move(variables)), body_(std::move(body)) {
  if (!body_.empty()) variables_["CONTENT_LENGTH"] = std::to_string(body_.size());
}

std::string_view BlankEnviron::get(std::string_view name) const {
  const auto found = variables_.find(name);
  return found == variables_.end() ? std::string_view() : std::string_view(found->second);
}

void BlankEnviron::for_each(
    const std::function<void(std::string_view, std::string_view)>& f) const {
  for (const auto& [name, value] : variables_) f(name, value);
}

std::string_view BlankEnviron::read_body(std::size_t limit) {
  if (body_.size() > limit) throw HTTPRequestEntityTooLarge();
  return body_;
}

BlankEnviron make_blank_environ(std::string_view url, BlankOptions options) {
  BlankEnviron::Variables variables;
  const bool is_form = options.post.has_value() || !options.files.empty();
  variables["REQUEST_METHOD"] = is_form ? "POST" : "GET";
  if (!options.method.empty()) variables["REQUEST_METHOD"] = options.method;
  variables["REMOTE_ADDR"] = options.remote_addr;
  set_url(variables, url, options.base_url);
  auto [content_type, body] = encode_body(options);
  if (!content_type.empty()) variables["CONTENT_TYPE"] = std::move(content_type);
  set_headers(variables, options.headers);
  for (auto& [name, value] : options.environ) variables[name] = value;
  return BlankEnviron(std::move(variables), std::move(body));
}

}  // namespace aiopyr

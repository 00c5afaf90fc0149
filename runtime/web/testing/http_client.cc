#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/authority.h>
#include <aiopyr/runtime/web/testing/http_client.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr::testing {

namespace {

constexpr int kMostRedirects = 20;

std::string with_params(std::string_view url, const MultiDict& params) {
  std::string result(url.substr(0, url.find('#')));
  if (params.empty()) return result;
  return result + (result.find('?') == std::string::npos ? '?' : '&') + url_encode(params);
}

std::string without_last_segment(std::string_view path) {
  path = path.substr(0, path.find('?'));
  return std::string(path.substr(0, path.rfind('/') + 1));
}

BlankOptions blank_options(ClientRequest request) {
  BlankOptions options;
  options.headers = std::move(request.headers);
  options.body = std::move(request.body);
  options.content_type = std::move(request.content_type);
  options.post = std::move(request.post);
  options.files = std::move(request.files);
  options.json = std::move(request.json);
  return options;
}

}  // namespace

HttpClient::HttpClient(AppUnderTest& app, std::string base_url)
    : app_(app), base_url_(std::move(base_url)) {
  while (base_url_.ends_with('/')) base_url_.pop_back();
  // Throws if `base_url_` is not a base URL.
  const BlankEnviron base = make_blank_environ("/", {.base_url = base_url_});
  base_prefix_ = std::string(split_url_start(base_url_).rest);
  base_host_ = std::string(base.get("SERVER_NAME"));
}

TestResponse HttpClient::request(std::string method, std::string_view url, ClientRequest request) {
  const bool follow_redirects = request.follow_redirects;
  const std::string whole = with_params(url, request.params);
  TestResponse response = send({std::move(method), whole, blank_options(std::move(request))});
  for (int count = 0; follow_redirects && response.is_redirect(); ++count) {
    if (count == kMostRedirects) throw Error("redirected too often, last to " + response.url());
    response = follow(response);
  }
  return response;
}

TestResponse HttpClient::post_json(std::string_view url, Json value, ClientRequest what) {
  what.json = std::move(value);
  return request("POST", url, std::move(what));
}

TestResponse HttpClient::send(TestResponse::Asked asked) {
  BlankOptions options = asked.options;
  options.method = asked.method;
  BlankEnviron environ = make_environ(asked.url, std::move(options));
  Response response = app_.answer(environ);
  keep_cookies(response, asked.url);
  return TestResponse(std::move(response), std::move(asked));
}

TestResponse HttpClient::follow(const TestResponse& redirect) {
  const std::string_view location = redirect.location();
  if (!redirect.is_redirect() || location.empty()) {
    throw Error("the response to " + redirect.asked().method + " " + redirect.url() +
                " is no redirect: " + redirect.status());
  }
  TestResponse::Asked next;
  if (location.starts_with('/') && !location.starts_with("//")) {
    next.url = base_url_.substr(0, base_url_.size() - base_prefix_.size()) + std::string(location);
  } else if (location.find("://") != std::string_view::npos) {
    next.url = std::string(location);
  } else {
    next.url = without_last_segment(below_base(redirect.url())) + std::string(location);
  }
  next.url = below_base(next.url);
  const bool repeats = redirect.status_code() == 307 || redirect.status_code() == 308;
  next.method = redirect.asked().method;
  if (repeats) {
    next.options = redirect.asked().options;
  } else if (next.method != "HEAD") {
    next.method = "GET";
  }
  return send(std::move(next));
}

/// Returns the path and query of a URL, relative to where the app is mounted.
std::string HttpClient::below_base(std::string_view url) const {
  std::string_view path = url.substr(0, url.find('#'));
  if (path.starts_with('/') || path.empty() || path.starts_with('?')) return std::string(path);
  if (path.starts_with(base_url_)) {
    path.remove_prefix(base_url_.size());
    if (path.empty() || path[0] == '/' || path[0] == '?') return std::string(path);
  }
  throw Error("'" + std::string(url) + "' is not in the app at " + base_url_);
}

CookieTarget HttpClient::target_of(const std::string& path) const {
  return {base_host_, path, base_url_.starts_with("https:")};
}

BlankEnviron HttpClient::make_environ(std::string_view url, BlankOptions options) const {
  const std::string below = below_base(url);
  options.base_url = base_url_;
  for (const auto& [name, value] : headers) {
    if (!options.headers.contains(name)) options.headers.add(name, value);
  }
  const std::string path = base_prefix_ + below.substr(0, below.find('?'));
  const std::string cookie = cookies.header_for(target_of(path));
  if (!cookie.empty()) options.headers.add("Cookie", cookie);
  return make_blank_environ(below, std::move(options));
}

void HttpClient::keep_cookies(const Response& response, std::string_view url) {
  const std::string below = below_base(url);
  const std::string path = base_prefix_ + below.substr(0, below.find('?'));
  for (const std::string_view header : response.headers().getall("Set-Cookie")) {
    cookies.store(header, target_of(path));
  }
}

}  // namespace aiopyr::testing

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/request/blank_request.h>
#include <aiopyr/runtime/web/testing/app_under_test.h>
#include <aiopyr/runtime/web/testing/cookie_jar.h>
#include <aiopyr/runtime/web/testing/test_response.h>

namespace aiopyr::testing {

/// The parts of a request; see BlankOptions for the body, of which only one may be given.
struct ClientRequest {
  MultiDict params{};  ///< added to the query of the URL
  Headers headers{};
  std::optional<MultiDict> post{};  ///< the fields of a form
  std::vector<FileField> files{};   ///< uploads them: makes the form multipart/form-data
  std::optional<Json> json{};
  std::string body{};
  std::string content_type{};
  bool follow_redirects = false;
};

/// A client like a browser for an app in this process: it keeps cookies between its requests, and
/// follows redirects on demand. Used on the thread that made the app, in the root context.
///
/// URLs are paths below the app's base URL, or begin with it.
class HttpClient {
 public:
  /// The app must outlive it. `base_url` is scheme, host and the app's prefix, such as
  /// `https://example.com/prefix`.
  explicit HttpClient(AppUnderTest& app, std::string base_url = "http://localhost");

  /// Sends a request. A status of 400 or more is a response like any other; an exception of the
  /// app's views has become a 500 by then, and is in the app's log.
  TestResponse request(std::string method, std::string_view url, ClientRequest request = {});

  TestResponse get(std::string_view url, ClientRequest what = {}) {
    return request("GET", url, std::move(what));
  }
  TestResponse head(std::string_view url, ClientRequest what = {}) {
    return request("HEAD", url, std::move(what));
  }
  TestResponse post(std::string_view url, ClientRequest what = {}) {
    return request("POST", url, std::move(what));
  }
  TestResponse put(std::string_view url, ClientRequest what = {}) {
    return request("PUT", url, std::move(what));
  }
  TestResponse patch(std::string_view url, ClientRequest what = {}) {
    return request("PATCH", url, std::move(what));
  }
  // NOLINTNEXTLINE(readability-identifier-naming): `delete` is a keyword.
  TestResponse delete_(std::string_view url, ClientRequest what = {}) {
    return request("DELETE", url, std::move(what));
  }
  TestResponse post_json(std::string_view url, Json value, ClientRequest what = {});

  /// Follows a redirect: with GET after 301, 302, 303 (RFC 9110 section 15.4), with the same
  /// request again after 307, 308. Throws Error for a response that is not a redirect, and for a
  /// location outside of the app.
  TestResponse follow(const TestResponse& redirect);

  /// Sent with every request; a request's own headers of that name replace them.
  Headers headers;
  CookieJar cookies;

 protected:
  /// Returns the environ for a URL below the app, with cookies and headers.
  [[nodiscard]] BlankEnviron make_environ(std::string_view url, BlankOptions options) const;
  /// Stores the cookies of a response to `url`.
  void keep_cookies(const Response& response, std::string_view url);

 private:
  TestResponse send(TestResponse::Asked asked);
  [[nodiscard]] std::string below_base(std::string_view url) const;
  [[nodiscard]] CookieTarget target_of(const std::string& path) const;

  AppUnderTest& app_;
  std::string base_url_;     // without a slash at its end
  std::string base_host_;    // without port
  std::string base_prefix_;  // the app's prefix: empty, or /prefix
};

}  // namespace aiopyr::testing

#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/request/blank_request.h>

namespace aiopyr::testing {

/// The response of a TestClient: as it would be sent, with a file's bytes in its body(). A plain
/// value.
class TestResponse : public Response {
 public:
  /// The request that was sent, so that a redirect can be followed.
  struct Asked {
    std::string method;
    std::string url;
    BlankOptions options;
  };

  /// Throws Error if the file that is its body cannot be read.
  TestResponse(Response response, Asked asked);

  /// Returns status_code() under a shorter name: 200, 404, ...
  [[nodiscard]] int code() const noexcept { return status_code(); }
  /// Returns the first value of a header; empty if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const& {
    return headers().get(name, "");
  }
  [[nodiscard]] std::string header(std::string_view name) const&& {
    return std::string(header(name));
  }
  /// Returns the body as JSON. Throws Error, which shows the body, if it is not JSON.
  [[nodiscard]] Json json() const;
  [[nodiscard]] bool is_redirect() const noexcept;
  /// Returns the URL of the request.
  [[nodiscard]] const std::string& url() const& noexcept { return asked_.url; }
  [[nodiscard]] std::string url() && noexcept { return std::move(asked_.url); }
  [[nodiscard]] const Asked& asked() const& noexcept { return asked_; }
  [[nodiscard]] Asked asked() && noexcept { return std::move(asked_); }

 private:
  Asked asked_;
};

}  // namespace aiopyr::testing

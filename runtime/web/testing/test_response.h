#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/request/blank_request.h>

namespace aiopyr::testing {

/// What a TestClient got: the response as it would leave, a file's bytes in its body(). A plain
/// value.
class TestResponse : public Response {
 public:
  /// What was asked for, so that a redirect can be followed.
  struct Asked {
    std::string method;
    std::string url;
    BlankOptions options;
  };

  /// Throws Error where the file that is its body cannot be read.
  TestResponse(Response response, Asked asked);

  /// 200, 404, ...: status_code() by a shorter name.
  [[nodiscard]] int code() const noexcept { return status_code(); }
  /// The first value of a header; empty where there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const& {
    return headers().get(name, "");
  }
  [[nodiscard]] std::string header(std::string_view name) const&& {
    return std::string(header(name));
  }
  /// The body as JSON. Throws Error, which shows the body, where it is none.
  [[nodiscard]] Json json() const;
  [[nodiscard]] bool is_redirect() const noexcept;
  /// The URL that was asked for.
  [[nodiscard]] const std::string& url() const& noexcept { return asked_.url; }
  [[nodiscard]] std::string url() && noexcept { return std::move(asked_.url); }
  [[nodiscard]] const Asked& asked() const& noexcept { return asked_; }
  [[nodiscard]] Asked asked() && noexcept { return std::move(asked_); }

 private:
  Asked asked_;
};

}  // namespace aiopyr::testing

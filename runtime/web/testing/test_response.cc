#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/testing/test_response.h>

namespace aiopyr::testing {

TestResponse::TestResponse(Response response, Asked asked)
    : Response(std::move(response)), asked_(std::move(asked)) {
  if (const auto file = file_body()) set_body(file->read(file_offset(), content_length()));
}

Json TestResponse::json() const {
  Json value = Json::parse(body(), nullptr, false);
  if (value.is_discarded()) {
    throw Error("the response to " + asked_.method + " " + asked_.url + " (" + status() +
                ") is not JSON: " + body().substr(0, 500));
  }
  return value;
}

bool TestResponse::is_redirect() const noexcept {
  const int status = status_code();
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace aiopyr::testing

#include <unistd.h>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/testing/test_response.h>

namespace aiopyr::testing {

namespace {

std::string read_file(const Response& response) {
  std::string bytes(response.content_length(), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count = ::pread(response.file_body()->fd(), bytes.data() + done, bytes.size() - done,
                               static_cast<off_t>(done));
    if (count <= 0) throw Error("the file that is the response's body cannot be read");
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

}  // namespace

TestResponse::TestResponse(Response response, Asked asked)
    : Response(std::move(response)), asked_(std::move(asked)) {
  if (file_body()) set_body(read_file(*this));
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

#include <aiopyr/plugin/connection/bare_response.h>
#include <aiopyr/runtime/http1/response_head.h>
#include <aiopyr/runtime/web/dispatch/exception_answer.h>
#include <aiopyr/runtime/web/http/http_date.h>

namespace aiopyr::plugin {

Response busy() { return aiopyr::detail::busy_response(); }

std::string to_http(Response response, bool head_only) {
  response.prepare("text/plain", "GET");
  const ResponseHead head{.code = response.status_code(),
                          .reason = response.reason(),
                          .fields = response.headers().items(),
                          .connection = "close",
                          .date = response.headers().contains("Date") ? "" : http_date_now()};
  std::string text = head.text();
  if (!head_only) text += response.body();
  return text;
}

}  // namespace aiopyr::plugin

#include "error_pages.h"

namespace shared {

using namespace aiopyr;

Json error_page(const HttpException& error, Request& request) {
  request.response().set_status(error.code());
  const std::string& text = error.detail().empty() ? error.explanation() : error.detail();
  return Json{{"title", error.status()}, {"text", text}};
}

Task<Json> client_error(const HTTPClientError& error, Request& request) {
  co_return error_page(error, request);
}

}  // namespace shared

#include "page_headers.h"

namespace shared {

using namespace aiopyr;

void add_page_headers(const NewResponse& event) {
  Headers& headers = event.response.headers();
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "same-origin");
  headers.set("Content-Security-Policy",
              "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
              "base-uri 'none'; frame-ancestors 'none'");
  // Pages differ from user to user; the stylesheet sets its own lifetime.
  if (!headers.contains("Cache-Control")) headers.set("Cache-Control", "private, no-cache");
}

}  // namespace shared

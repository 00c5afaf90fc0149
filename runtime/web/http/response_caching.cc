#include <algorithm>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/http/http_date.h>
#include <aiopyr/runtime/web/http/response.h>

namespace aiopyr {

namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

/// Returns whether `c` is an etagc of RFC 9110 section 8.8.3.
bool is_etag_char(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte <= 0x7E) || byte >= 0x80;
}

}  // namespace

void Response::set_etag(std::string_view opaque, bool is_weak) {
  if (opaque.empty()) {
    headers_.erase("ETag");
    return;
  }
  if (!std::all_of(opaque.begin(), opaque.end(), is_etag_char)) {
    throw Error("'" + printable(opaque) +
                "' cannot be an entity tag: it may not hold quotes, spaces or control characters");
  }
  headers_.set("ETag", (is_weak ? "W/\"" : "\"") + std::string(opaque) + "\"");
}

std::optional<system_clock::time_point> Response::last_modified() const noexcept {
  return parse_http_date(headers_.get("Last-Modified", ""));
}

void Response::set_last_modified(system_clock::time_point time) {
  // Never sets a time in the future (RFC 9110 section 8.8.2.1).
  headers_.set("Last-Modified", http_date(std::min(time, system_clock::now())));
}

CacheControl Response::cache_control() const {
  return CacheControl::parse(headers_.get("Cache-Control", ""));
}

void Response::set_cache_control(const CacheControl& directives) {
  const std::string value = directives.to_string();
  if (value.empty()) {
    headers_.erase("Cache-Control");
  } else {
    headers_.set("Cache-Control", value);
  }
}

void Response::cache_expires(std::optional<seconds> age, const CacheControl& more) {
  CacheControl directives = cache_control();
  const auto now = system_clock::now();
  if (age && *age > seconds(0)) {
    directives = {.max_age = *age};
    headers_.set("Expires", http_date(now + *age));
    headers_.erase("Pragma");
  } else if (age) {
    directives.update(
        {.max_age = seconds(0), .no_cache = true, .no_store = true, .must_revalidate = true});
    headers_.set("Expires", http_date(now));
    if (!headers_.contains("Last-Modified")) set_last_modified(now);
    // Sets Pragma for HTTP/1.0, as WebOb does.
    headers_.set("Pragma", "no-cache");
  }
  directives.update(more);
  set_cache_control(directives);
}

}  // namespace aiopyr

#include <algorithm>
#include <utility>

#include <aiopyr/runtime/text/header_params.h>
#include <aiopyr/runtime/web/http/http_date.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/request/conditional.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr::detail {

namespace {

bool is_weak(std::string_view etag) noexcept { return etag.starts_with("W/"); }

std::string_view opaque(std::string_view etag) noexcept {
  return is_weak(etag) ? etag.substr(2) : etag;
}

/// Returns whether the response was modified after the date in a header; nullopt if either is
/// unknown.
std::optional<bool> modified_since(const Response& response, std::string_view header) {
  const auto date = parse_http_date(header);
  if (!date) return std::nullopt;
  const auto modified = response.last_modified();
  if (!modified) return std::nullopt;
  return *modified > *date;
}

bool fails_precondition(const Response& response, const Request& request) {
  const std::string_view tags = request.header("If-Match");
  if (!tags.empty()) return !has_etag(tags, response.etag(), true);
  return modified_since(response, request.header("If-Unmodified-Since")).value_or(false);
}

bool is_not_modified(const Response& response, const Request& request) {
  const std::string_view tags = request.header("If-None-Match");
  if (!tags.empty()) return has_etag(tags, response.etag(), false);
  return !modified_since(response, request.header("If-Modified-Since")).value_or(true);
}

/// Returns whether If-Range holds; a date has to equal Last-Modified (RFC 9110 section 13.1.5).
bool meets_if_range(const Response& response, std::string_view if_range) {
  if (if_range.empty()) return true;
  if (if_range.front() == '"') return has_etag(if_range, response.etag(), true);
  const auto date = parse_http_date(if_range);
  return date && date == response.last_modified();
}

/// Makes a 304; headers that caches need for an update stay (RFC 9110 section 15.4.5).
void become_not_modified(Response& response) {
  response.set_status(304);
  response.set_body({});
  for (const char* name : {"Content-Type", "Content-Length", "Content-Encoding", "Content-Language",
                           "Accept-Ranges"}) {
    response.headers().erase(name);
  }
}

}  // namespace

bool has_etag(std::string_view list, std::string_view etag, bool by_strong) {
  if (list == "*") return true;
  if (etag.empty() || (by_strong && is_weak(etag))) return false;
  const auto tags = split_header_list(list);
  return std::any_of(tags.begin(), tags.end(), [&](std::string_view tag) {
    return opaque(tag) == opaque(etag) && !(by_strong && is_weak(tag));
  });
}

void become_error(Response& response, Response error) {
  for (const std::string_view cookie : response.headers().getall("Set-Cookie")) {
    error.headers().add("Set-Cookie", cookie);
  }
  response = std::move(error);
}

void apply_conditions(Response& response, const Request& request) {
  const bool is_get = request.method() == "GET";
  if (response.status_code() != 200 || (!is_get && request.method() != "HEAD")) return;
  response.headers().set("Accept-Ranges", "bytes");
  if (fails_precondition(response, request)) {
    become_error(response, HTTPPreconditionFailed());
  } else if (is_not_modified(response, request)) {
    become_not_modified(response);
  } else if (is_get && meets_if_range(response, request.header("If-Range"))) {
    apply_range(response, request.header("Range"));
  }
}

}  // namespace aiopyr::detail

namespace aiopyr {

// Defined here, since response.cc knows nothing of requests.
void Response::prepare(const Request& request) {
  if (is_conditional_) detail::apply_conditions(*this, request);
  if (wants_error_page()) {
    prepare(request.header("Accept"), request.method());
  } else {
    prepare({}, {});
  }
}

}  // namespace aiopyr

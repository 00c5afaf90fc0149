#include <algorithm>
#include <cstddef>

#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/request/request_context.h>

namespace aiopyr::detail {

namespace {

constexpr std::size_t kTraceparentLength = 55;

bool is_lower_hex(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// Returns whether `text` is an identifier: hexadecimal digits, not all of them zeros.
bool is_trace_id(std::string_view text) noexcept {
  return is_lower_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

RequestContext::RequestContext(Request& request) : request_(request) {
  Fiber::current()->set_task_context(this);
}

RequestContext::~RequestContext() { Fiber::current()->set_task_context(nullptr); }

std::string_view RequestContext::request_id() { return request_.id(); }

std::string_view RequestContext::traceparent() {
  const std::string_view sent = request_.environ().get("HTTP_TRACEPARENT");
  return is_traceparent(sent) ? sent : std::string_view();
}

std::string_view RequestContext::tracestate() {
  return traceparent().empty() ? std::string_view() : request_.environ().get("HTTP_TRACESTATE");
}

bool is_traceparent(std::string_view text) noexcept {
  if (text.size() < kTraceparentLength) return false;
  const std::string_view version = text.substr(0, 2);
  if (!is_lower_hex(version) || version == "ff") return false;
  if (text.size() > kTraceparentLength && (version == "00" || text[kTraceparentLength] != '-')) {
    return false;
  }
  return text[2] == '-' && text[35] == '-' && text[52] == '-' && is_trace_id(text.substr(3, 32)) &&
         is_trace_id(text.substr(36, 16)) && is_lower_hex(text.substr(53, 2));
}

}  // namespace aiopyr::detail

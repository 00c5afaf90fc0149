#include <string_view>

#include <aiopyr/plugin/hosting/date_header.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/http/http_date.h>

namespace aiopyr::plugin {

namespace {

constexpr std::string_view kDate = "Date";

bool begins_with_date(std::string_view line) noexcept {
  return line.size() > kDate.size() && line[kDate.size()] == ':' &&
         ascii_iequals(line.substr(0, kDate.size()), kDate);
}

bool any_line_is_date(const uwsgi_string_list* lines) noexcept {
  for (; lines != nullptr; lines = lines->next) {
    if (begins_with_date({lines->value, lines->len})) return true;
  }
  return false;
}

bool any_name_is_date(const uwsgi_string_list* names) noexcept {
  for (; names != nullptr; names = names->next) {
    if (ascii_iequals({names->value, names->len}, kDate)) return true;
  }
  return false;
}

/// Returns whether the option pull-header takes a Date; the text after the name is the variable's.
bool is_date_pulled() noexcept {
  for (const auto* pulled = uwsgi.pull_headers; pulled != nullptr; pulled = pulled->next) {
    if (ascii_iequals({pulled->value, static_cast<std::size_t>(pulled->custom)}, kDate))
      return true;
  }
  return false;
}

/// Returns whether one of a head's lines is a Date: an app of another plugin may have set it.
bool has_date(std::string_view head) noexcept {
  for (auto at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1)) {
    if (begins_with_date(head.substr(at + 1))) return true;
  }
  return false;
}

bool add_date(wsgi_request& request) {
  const std::string_view now = http_date_now();
  request.header_cnt++;
  uwsgi_buffer* const head = request.headers;
  return uwsgi_buffer_append(head, chars("Date: "), 6) == 0 &&
         uwsgi_buffer_append(head, chars(now), now.size()) == 0 &&
         uwsgi_buffer_append(head, chars("\r\n"), 2) == 0;
}

extern "C" {

static int aiopyr_end_head(wsgi_request* request) {
  try {
    const std::string_view head(request->headers->buf, request->headers->pos);
    if (leaves_date_to_us(*request) && !has_date(head) && !add_date(*request)) return -1;
  } catch (...) {
    // Without memory a response has no Date.
  }
  return uwsgi_proto_base_fix_headers(request);
}

}  // extern "C"

}  // namespace

void date_heads(uwsgi_socket& socket) noexcept {
  if (socket.proto_fix_headers == uwsgi_proto_base_fix_headers) {
    socket.proto_fix_headers = aiopyr_end_head;
  }
}

bool only_dates_heads(const uwsgi_socket& socket) noexcept {
  return socket.proto_fix_headers == aiopyr_end_head;
}

bool leaves_date_to_us(const wsgi_request& request) noexcept {
  return !any_line_is_date(uwsgi.additional_headers) &&
         !any_line_is_date(request.additional_headers) && !any_name_is_date(uwsgi.remove_headers) &&
         !any_name_is_date(request.remove_headers) && !is_date_pulled();
}

}  // namespace aiopyr::plugin

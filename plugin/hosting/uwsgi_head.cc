#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <aiopyr/plugin/hosting/date_header.h>
#include <aiopyr/plugin/hosting/head_buffers.h>
#include <aiopyr/plugin/hosting/uwsgi_head.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/http1/response_head.h>
#include <aiopyr/runtime/web/http/http_date.h>

namespace aiopyr::plugin {

namespace {

std::uint16_t header_length(std::string_view text) {
  if (text.size() > UINT16_MAX) throw Error("a response header is longer than 65535 bytes");
  return static_cast<std::uint16_t>(text.size());
}

/// Returns whether uWSGI only has to write the head, in the form of HTTP.
bool is_simple(const wsgi_request& request) noexcept {
  return uwsgi.cgi_mode == 0 && uwsgi.error_routes == nullptr && uwsgi.pull_headers == nullptr &&
         uwsgi.collect_headers == nullptr && uwsgi.remove_headers == nullptr &&
         request.remove_headers == nullptr && request.headers == nullptr &&
         request.socket->proto_prepare_headers == uwsgi_proto_base_prepare_headers &&
         request.socket->proto_add_header == uwsgi_proto_base_add_header;
}

bool has_begun(const wsgi_request& request) noexcept {
  return request.headers_sent != 0 || request.headers_size != 0 || request.response_size != 0 ||
         request.write_errors != 0;
}

/// Throws Error for a header that is longer than uWSGI can count.
void check_lengths(const Response& response) {
  for (const auto& [name, value] : response.headers()) {
    header_length(name);
    header_length(value);
  }
}

/// Returns the Date to add; empty if the app or the operator handles it.
std::string_view date_for(const wsgi_request& request, const Response& response) {
  if (!leaves_date_to_us(request) || response.headers().contains("Date")) return {};
  return http_date_now();
}

bool write_simply(wsgi_request& request, const Response& response, std::string_view connection) {
  ResponseHead head{.code = response.status_code(),
                    .reason = response.reason(),
                    .fields = response.headers().items(),
                    .connection = connection,
                    .date = date_for(request, response)};
  head.version = request.protocol_len > 0 ? std::string_view(request.protocol, request.protocol_len)
                                          : "HTTP/1.0";
  const std::size_t size = head.size();
  if (size > UINT16_MAX) check_lengths(response);

  request.headers = make_head();
  // Fields that uWSGI adds later make their own room.
  if (uwsgi_buffer_fix(request.headers, size + kEndOfLine.size()) != 0) {
    request.write_errors++;
    return false;
  }
  head.write(request.headers->buf + request.headers->pos);
  request.headers->pos += size;
  request.status = head.code;
  request.header_cnt = static_cast<std::uint16_t>(head.fields.size() + (head.date.empty() ? 0 : 1) +
                                                  (connection.empty() ? 0 : 1));
  return true;
}

bool add_header(wsgi_request& request, std::string_view name, std::string_view value) {
  return uwsgi_response_add_header(&request, chars(name), header_length(name), chars(value),
                                   header_length(value)) == 0;
}

bool write_by_uwsgi(wsgi_request& request, const Response& response, std::string_view connection) {
  const std::string status = response.status();
  if (uwsgi_response_prepare_headers(&request, chars(status), header_length(status)) != 0) {
    return false;
  }
  for (const auto& [name, value] : response.headers()) {
    if (!add_header(request, name, value)) return false;
  }
  const std::string_view date = date_for(request, response);
  if (!date.empty() && !add_header(request, "Date", date)) return false;
  return add_field(request, "Connection", connection);
}

void append(wsgi_request& request, std::string_view text) {
  if (uwsgi_buffer_append(request.headers, chars(text), text.size()) != 0) {
    throw Error("the response's headers are longer than response-headers-limit");
  }
}

/// Appends header lines in the form of add-header, which uWSGI would write in separate calls.
void append_lines(wsgi_request& request, const uwsgi_string_list* lines) {
  for (; lines != nullptr; lines = lines->next) {
    append(request, {lines->value, lines->len});
    append(request, kEndOfLine);
    request.header_cnt++;
  }
}

}  // namespace

bool write_head(wsgi_request& request, const Response& response, std::string_view connection) {
  if (has_begun(request)) return false;
  return is_simple(request) ? write_simply(request, response, connection)
                            : write_by_uwsgi(request, response, connection);
}

bool route_response(wsgi_request& request) {
  if (uwsgi_apply_response_routes(&request) == UWSGI_ROUTE_BREAK) {
    request.ignore_body = 1;
    return false;
  }
  request.is_response_routing = 0;
  return true;
}

bool add_field(wsgi_request& request, std::string_view name, std::string_view value) {
  return value.empty() || add_header(request, name, value);
}

bool is_head_ours(const wsgi_request& request) noexcept {
  return only_dates_heads(*request.socket);
}

std::string_view finish_head(wsgi_request& request) {
  append_lines(request, uwsgi.additional_headers);
  append_lines(request, request.additional_headers);
  append(request, kEndOfLine);
  return {request.headers->buf, request.headers->pos};
}

uwsgi_buffer* take_head(wsgi_request& request) noexcept {
  return std::exchange(request.headers, nullptr);
}

void release_head(wsgi_request& request) noexcept {
  if (request.headers_sent == 0 || request.headers == nullptr) return;
  give_back_head(take_head(request));
}

}  // namespace aiopyr::plugin

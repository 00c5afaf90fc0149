#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <aiopyr/plugin/response_head.h>
#include <aiopyr/plugin/spares.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

constexpr std::string_view kEndOfLine = "\r\n";
constexpr std::string_view kColon = ": ";

Spares<uwsgi_buffer> sent_heads;

uwsgi_buffer* make_head() noexcept {
  uwsgi_buffer* head = sent_heads.take();
  if (head == nullptr) head = uwsgi_buffer_new(uwsgi.page_size);
  head->pos = 0;
  head->limit = uwsgi.response_header_limit;
  return head;
}

std::uint16_t header_length(std::string_view text) {
  if (text.size() > UINT16_MAX) throw Error("a response header is longer than 65535 bytes");
  return static_cast<std::uint16_t>(text.size());
}

/// Whether uWSGI has nothing to do with a head but to write it down, as HTTP has it.
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

/// Writes without looking: there is room.
class HeadWriter {
 public:
  explicit HeadWriter(uwsgi_buffer& head) noexcept : head_(head) {}

  void put(std::string_view text) noexcept {
    std::copy(text.begin(), text.end(), head_.buf + head_.pos);
    head_.pos += text.size();
  }
  void put_header(std::string_view name, std::string_view value) noexcept {
    put(name);
    put(kColon);
    put(value);
    put(kEndOfLine);
  }

 private:
  uwsgi_buffer& head_;
};

std::size_t size_of_header(std::string_view name, std::string_view value) {
  return header_length(name) + kColon.size() + header_length(value) + kEndOfLine.size();
}

/// The last digit of a number.
char digit(int number) noexcept { return static_cast<char>('0' + number % 10); }

bool write_simply(wsgi_request& request, const Response& response, std::string_view connection) {
  const int code = response.status_code();
  const std::array<char, 3> digits{digit(code / 100), digit(code / 10), digit(code)};
  const std::string_view reason = response.reason();
  const std::string_view protocol = request.protocol_len > 0
                                        ? std::string_view(request.protocol, request.protocol_len)
                                        : "HTTP/1.0";
  std::size_t size = protocol.size() + 1 + digits.size() + 1 + reason.size() + kEndOfLine.size();
  for (const auto& [name, value] : response.headers()) size += size_of_header(name, value);
  if (!connection.empty()) size += size_of_header("Connection", connection);

  request.headers = make_head();
  // What uWSGI adds comes on top, and finds its own room.
  if (uwsgi_buffer_fix(request.headers, size + kEndOfLine.size()) != 0) {
    request.write_errors++;
    return false;
  }
  HeadWriter head(*request.headers);
  head.put(protocol);
  head.put(" ");
  head.put({digits.data(), digits.size()});
  head.put(" ");
  head.put(reason);
  head.put(kEndOfLine);
  for (const auto& [name, value] : response.headers()) head.put_header(name, value);
  if (!connection.empty()) head.put_header("Connection", connection);
  request.status = code;
  request.header_cnt =
      static_cast<std::uint16_t>(response.headers().size() + (connection.empty() ? 0 : 1));
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
  return add_connection(request, connection);
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

bool add_connection(wsgi_request& request, std::string_view connection) {
  return connection.empty() || add_header(request, "Connection", connection);
}

bool is_head_complete(const wsgi_request& request) noexcept {
  return uwsgi.additional_headers == nullptr && request.additional_headers == nullptr &&
         request.socket->proto_fix_headers == uwsgi_proto_base_fix_headers;
}

std::string_view finish_head(wsgi_request& request) {
  uwsgi_buffer& head = *request.headers;
  if (uwsgi_buffer_append(&head, chars(kEndOfLine), kEndOfLine.size()) != 0) {
    throw Error("the response's headers are longer than response-headers-limit");
  }
  return {head.buf, head.pos};
}

uwsgi_buffer* take_head(wsgi_request& request) noexcept {
  return std::exchange(request.headers, nullptr);
}

void give_back_head(uwsgi_buffer* head) noexcept {
  if (!sent_heads.keep(head)) uwsgi_buffer_destroy(head);
}

void release_head(wsgi_request& request) noexcept {
  if (request.headers_sent == 0 || request.headers == nullptr) return;
  give_back_head(take_head(request));
}

}  // namespace aiopyr::plugin

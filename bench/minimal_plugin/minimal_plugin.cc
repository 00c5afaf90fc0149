// The least that a request plugin of uWSGI can do: it answers each request with a constant. Its
// cost under uWSGI's own simple loop is the lower bound for any plugin there.
#include <cstddef>
#include <cstdint>

#include <uwsgi.h>

namespace {

// Not const, as uWSGI's functions take texts that they only read as char*.
char status[] = "200 OK";
char content_type[] = "text/plain; charset=UTF-8";
char body[] = "Hello, World!";

template <std::size_t N>
constexpr std::uint16_t length(const char (&)[N]) {
  return N - 1;
}

int request(wsgi_request* wsgi_req) {
  if (uwsgi_parse_vars(wsgi_req) != 0) return -1;
  if (uwsgi_response_prepare_headers(wsgi_req, status, length(status)) != 0 ||
      uwsgi_response_add_content_type(wsgi_req, content_type, length(content_type)) != 0 ||
      uwsgi_response_add_content_length(wsgi_req, length(body)) != 0)
    return -1;
  uwsgi_response_write_body_do(wsgi_req, body, length(body));
  return UWSGI_OK;
}

uwsgi_plugin make_plugin() {
  uwsgi_plugin plugin{};
  plugin.name = "minimal";
  plugin.modifier1 = 0;
  plugin.request = request;
  return plugin;
}

}  // namespace

extern "C" {
struct uwsgi_plugin minimal_plugin = make_plugin();
}

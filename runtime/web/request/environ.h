#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace aiopyr {

class NativeWebsocket;

/// The server's side of one request: CGI-style variables, as in WSGI (PEP 3333), and a body that is
/// read on demand. The plugin implements it over uWSGI's request, the testing support over plain
/// maps.
///
/// Used on the request's fiber only. Views that it returns are valid for the life of the Environ.
class Environ {
 public:
  virtual ~Environ() = default;

  /// Returns the value of a variable such as REQUEST_METHOD, PATH_INFO (already percent-decoded by
  /// the server), REQUEST_URI, QUERY_STRING, SCRIPT_NAME, CONTENT_TYPE, CONTENT_LENGTH,
  /// HTTP_COOKIE, REMOTE_ADDR. Returns a view whose data() is null if there is none.
  [[nodiscard]] virtual std::string_view get(std::string_view name) const = 0;

  /// Calls f(name, value) for every variable, in the server's order.
  virtual void for_each(
      const std::function<void(std::string_view name, std::string_view value)>& f) const = 0;

  /// Returns the whole body, read once and kept. May park the fiber while the client sends. Throws
  /// HttpException 413 if it is longer than `limit` bytes (as soon as that is known), 408 if the
  /// client is too slow, ClientDisconnected if it went away.
  virtual std::string_view read_body(std::size_t limit) = 0;

  /// Sets the deadline of the request to `seconds` from now; 0 removes it. After the deadline its
  /// current wait is cancelled, and the server answers 504. On the loop's thread. A server without
  /// deadlines ignores it.
  virtual void set_timeout(double /*seconds*/) {}

  /// Returns the server's counters, in Prometheus' text format; empty if it has none.
  [[nodiscard]] virtual std::string metrics_text() const { return {}; }

  /// Returns uWSGI's own websocket engine for this request; null if the server has none.
  virtual NativeWebsocket* native_websocket() { return nullptr; }

  /// Called with an exception that no exception view has answered, and where it came up: the client
  /// gets a 500 without any details of it. Returns whether the server has logged it. Must not
  /// throw.
  virtual bool report_exception(std::string_view where, const std::exception_ptr& error) noexcept {
    static_cast<void>(where);
    static_cast<void>(error);
    return false;
  }
};

}  // namespace aiopyr

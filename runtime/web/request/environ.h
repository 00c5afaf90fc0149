#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace aiopyr {

class NativeWebsocket;

/// What the server hands over for one request: CGI-style variables, as in WSGI (PEP 3333), and a
/// body that is read on demand. Implemented by the plugin over uWSGI's request and by the testing
/// support over plain maps.
///
/// Used on the request's fiber only. Views that it returns stay valid for the life of the Environ.
class Environ {
 public:
  virtual ~Environ() = default;

  /// The value of a variable such as REQUEST_METHOD, PATH_INFO (already percent-decoded by the
  /// server), REQUEST_URI, QUERY_STRING, SCRIPT_NAME, CONTENT_TYPE, CONTENT_LENGTH, HTTP_COOKIE,
  /// REMOTE_ADDR. A view whose data() is null where there is none.
  [[nodiscard]] virtual std::string_view get(std::string_view name) const = 0;

  /// Calls f(name, value) for every variable, in the server's order.
  virtual void for_each(
      const std::function<void(std::string_view name, std::string_view value)>& f) const = 0;

  /// The whole body, read once and kept. May park the fiber while the client sends.
  /// Throws HttpException 413 where it is longer than `limit` bytes (as soon as that is known),
  /// 408 where the client is too slow, ClientDisconnected where it went away.
  virtual std::string_view read_body(std::size_t limit) = 0;

  /// Gives the request `seconds` from now, instead of what it had; 0 for any time. When they are
  /// over, whatever it waits for is cancelled, and the server answers 504. On the loop's thread. A
  /// server without deadlines ignores it.
  virtual void set_timeout(double /*seconds*/) {}

  /// What the server counts, in Prometheus' text format; empty where it counts nothing.
  [[nodiscard]] virtual std::string metrics_text() const { return {}; }

  /// uWSGI's own websocket engine for this request; null where the server has none.
  virtual NativeWebsocket* native_websocket() { return nullptr; }

  /// Told of an exception that nobody has answered, and where it came up: the client gets a 500
  /// that shows nothing of it. Returns whether the server has logged it. Must not throw.
  virtual bool report_exception(std::string_view where, const std::exception_ptr& error) noexcept {
    static_cast<void>(where);
    static_cast<void>(error);
    return false;
  }
};

}  // namespace aiopyr

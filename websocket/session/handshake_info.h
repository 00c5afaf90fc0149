#pragma once

#include <any>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/http/cookies.h>
#include <aiopyr/runtime/web/settings/settings.h>
#include <aiopyr/runtime/web/url/matchdict.h>
#include <aiopyr/runtime/web/url/multidict.h>

namespace aiopyr {

class Request;
class Resource;

/// The data that a websocket keeps of its opening request: the request ends with the 101, and frees
/// its core. The names are Pyramid's, where they still make sense.
///
/// Immutable, owned by its websocket; views that it returns are valid as long as that. It is one
/// block of text, since thousands of idle connections keep one each; it is parsed on demand.
class HandshakeInfo {
 public:
  using Attributes = std::map<std::string, std::any, std::less<>>;

  /// Makes an empty one.
  HandshakeInfo() = default;
  /// Copies the data to keep. On the request's fiber; requires that path_info is UTF-8.
  explicit HandshakeInfo(Request& request, std::string_view subprotocol = {},
                         std::string_view extensions = {});

  /// Drops the context, for views that do not use it.
  void forget_context() noexcept;

  /// Returns the path below the app's prefix, decoded.
  [[nodiscard]] std::string_view path_info() const noexcept;
  [[nodiscard]] std::string_view query_string() const noexcept;
  /// Returns the parameters of the query. Throws HTTPBadRequest if they are not UTF-8.
  [[nodiscard]] MultiDict query() const;
  [[nodiscard]] MultiDict params() const { return query(); }
  [[nodiscard]] std::string_view scheme() const noexcept;
  /// Returns the peer's address and port, as the server knows them: those of the client itself, or
  /// of the last proxy before us.
  [[nodiscard]] std::string_view remote_addr() const noexcept;
  [[nodiscard]] std::string_view remote_port() const noexcept;
  [[nodiscard]] std::string_view host() const noexcept { return header("Host"); }

  /// Returns the value of a header, except those of the handshake itself; a view whose data() is
  /// null if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
  [[nodiscard]] Cookies cookies() const;

  [[nodiscard]] const MatchDict& matchdict() const noexcept { return rest().matchdict; }
  [[nodiscard]] std::string_view matched_route() const noexcept;
  /// Returns the values that tweens and predicates stored with the request.
  [[nodiscard]] const Attributes& attributes() const noexcept { return rest().attributes; }
  /// Returns the app's settings.
  [[nodiscard]] const Settings& settings() const noexcept;

  /// Returns the subprotocol that was chosen; empty if there is none.
  [[nodiscard]] std::string_view subprotocol() const noexcept;
  /// Returns Sec-WebSocket-Extensions of the answer; empty if none was negotiated.
  [[nodiscard]] std::string_view extensions() const noexcept;

 private:
  struct Rest {
    MatchDict matchdict;
    Attributes attributes;
    std::vector<std::shared_ptr<Resource>> kept;  // the context and its ancestors
  };

  [[nodiscard]] const Rest& rest() const noexcept;
  void drop_empty_rest() noexcept;
  [[nodiscard]] std::string_view find(std::string_view name) const noexcept;

  std::string
      fields_;  // name, 0, value, 0, name, ...; names that are no headers begin with a colon
  std::unique_ptr<Rest> rest_;  // null if empty, as for most
  const Settings* settings_ = nullptr;
};

}  // namespace aiopyr

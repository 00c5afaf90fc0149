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

/// What a websocket keeps of the request that opened it: the request ends with the 101, and gives
/// its core back. Pyramid's names, as far as they make sense then.
///
/// Immutable, owned by its websocket; views that it returns are valid as long as that. It is one
/// block of text, since thousands of idle connections keep one each: what has to be parsed is
/// parsed when it is asked for.
class HandshakeInfo {
 public:
  using Attributes = std::map<std::string, std::any, std::less<>>;

  /// Knows nothing.
  HandshakeInfo() = default;
  /// Takes what is worth keeping. On the request's fiber; requires that path_info is UTF-8.
  explicit HandshakeInfo(Request& request, std::string_view subprotocol = {},
                         std::string_view extensions = {});

  /// For views that do not look at it: it is not kept any longer.
  void forget_context() noexcept;

  /// Decoded, below where the app is mounted.
  [[nodiscard]] std::string_view path_info() const noexcept;
  [[nodiscard]] std::string_view query_string() const noexcept;
  /// The parameters of the query. Throws HTTPBadRequest where they are not UTF-8.
  [[nodiscard]] MultiDict query() const;
  [[nodiscard]] MultiDict params() const { return query(); }
  [[nodiscard]] std::string_view scheme() const noexcept;
  /// The peer's address and port, as the server knows them: of the client itself, or of the last
  /// proxy before us.
  [[nodiscard]] std::string_view remote_addr() const noexcept;
  [[nodiscard]] std::string_view remote_port() const noexcept;
  [[nodiscard]] std::string_view host() const noexcept { return header("Host"); }

  /// The value of a header, but for those of the handshake itself; a view whose data() is null
  /// where there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
  [[nodiscard]] Cookies cookies() const;

  [[nodiscard]] const MatchDict& matchdict() const noexcept { return rest().matchdict; }
  [[nodiscard]] std::string_view matched_route() const noexcept;
  /// What tweens and predicates kept with the request.
  [[nodiscard]] const Attributes& attributes() const noexcept { return rest().attributes; }
  /// The app's.
  [[nodiscard]] const Settings& settings() const noexcept;

  /// The subprotocol that was chosen; empty where there is none.
  [[nodiscard]] std::string_view subprotocol() const noexcept;
  /// What Sec-WebSocket-Extensions was answered with; empty where nothing was agreed on.
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
  std::unique_ptr<Rest> rest_;  // null where there is none, as with most
  const Settings* settings_ = nullptr;
};

}  // namespace aiopyr

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/forms/forms.h>
#include <aiopyr/runtime/web/http/headers.h>
#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/request/environ.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/url/multidict.h>

/// Requests from plain values instead of from a client (webob's Request.blank): for subrequests,
/// for tests, and for requests from the command line. They own what they are made of, and are used
/// as any request is, on one fiber.
namespace aiopyr {

/// A request's variables and body from plain values.
class BlankEnviron : public Environ {
 public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  /// CGI variables as they are; CONTENT_LENGTH is set where there is a body.
  explicit BlankEnviron(Variables variables = {}, std::string body = {});

  [[nodiscard]] std::string_view get(std::string_view name) const override;
  void for_each(const std::function<void(std::string_view, std::string_view)>& f) const override;
  std::string_view read_body(std::size_t limit) override;

 private:
  Variables variables_;
  std::string body_;
};

/// What a blank request brings besides its URL. Of the bodies, give one.
struct BlankOptions {
  std::string method{};  ///< else GET, or POST where there is a form
  Headers headers{};
  std::string body{};
  std::string content_type{};       ///< of `body`
  std::optional<MultiDict> post{};  ///< the fields of a form
  std::vector<FileField> files{};   ///< the form is multipart/form-data then
  std::optional<Json> json{};       ///< as application/json
  std::string base_url{};           ///< scheme, host and SCRIPT_NAME; http://localhost if empty
  std::string remote_addr = "127.0.0.1";  ///< where the request seems to come from
  BlankEnviron::Variables environ{};      ///< more variables; they win
};

/// The variables and the body of a request for `url`: a path with its query, percent-encoded, which
/// lies below `base_url`, or a whole URL. Throws Error for what is no such thing.
[[nodiscard]] BlankEnviron make_blank_environ(std::string_view url, BlankOptions options = {});

namespace detail {
/// A base, so that it is there before the request that refers to it.
struct BlankEnvironOwner {
  BlankEnviron own_environ;
};
}  // namespace detail

/// A request that owns its environ:
///
///     BlankRequest request("/search?q=cat", {.headers = {{"Accept", "application/json"}}});
///
/// It is not one for an app until the app's registry is given, as for a subrequest:
/// `BlankRequest sub("/menu", {}, request.registry())`.
class BlankRequest : private detail::BlankEnvironOwner, public Request {
 public:
  explicit BlankRequest(std::string_view url = "/", BlankOptions options = {})
      : BlankEnvironOwner{make_blank_environ(url, std::move(options))}, Request(own_environ) {}
  BlankRequest(std::string_view url, BlankOptions options, const Registry& registry)
      : BlankEnvironOwner{make_blank_environ(url, std::move(options))},
        Request(own_environ, registry) {}
};

}  // namespace aiopyr

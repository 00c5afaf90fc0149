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

/// Requests made from plain values instead of a client's bytes (webob's Request.blank): for
/// subrequests, for tests, and for the command line. They own their values, and are used on one
/// fiber, as any request.
namespace aiopyr {

/// The variables and the body of a request from plain values.
class BlankEnviron : public Environ {
 public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  /// Takes CGI variables as they are; sets CONTENT_LENGTH if there is a body.
  explicit BlankEnviron(Variables variables = {}, std::string body = {});

  [[nodiscard]] std::string_view get(std::string_view name) const override;
  void for_each(const std::function<void(std::string_view, std::string_view)>& f) const override;
  std::string_view read_body(std::size_t limit) override;

 private:
  Variables variables_;
  std::string body_;
};

/// The parts of a blank request besides its URL. Give only one of the bodies.
struct BlankOptions {
  std::string method{};  ///< default: GET, or POST if there is a form
  Headers headers{};
  std::string body{};
  std::string content_type{};       ///< of `body`
  std::optional<MultiDict> post{};  ///< the fields of a form
  std::vector<FileField> files{};   ///< makes the form multipart/form-data
  std::optional<Json> json{};       ///< as application/json
  std::string base_url{};           ///< scheme, host and SCRIPT_NAME; http://localhost if empty
  std::string remote_addr = "127.0.0.1";  ///< the client's address
  BlankEnviron::Variables environ{};      ///< more variables; they override others
};

/// Returns the variables and the body of a request for `url`: a whole URL, or a percent-encoded
/// path with its query, which lies below `base_url`. Throws Error if it is neither.
[[nodiscard]] BlankEnviron make_blank_environ(std::string_view url, BlankOptions options = {});

namespace detail {
/// A base class, so that it is constructed before the request, which refers to it.
struct BlankEnvironOwner {
  BlankEnviron own_environ;
};
}  // namespace detail

/// A request that owns its environ:
///
///     BlankRequest request("/search?q=cat", {.headers = {{"Accept", "application/json"}}});
///
/// It belongs to no app unless the app's registry is given, as for a subrequest: `BlankRequest
/// sub("/menu", {}, request.registry())`.
class BlankRequest : private detail::BlankEnvironOwner, public Request {
 public:
  explicit BlankRequest(std::string_view url = "/", BlankOptions options = {})
      : BlankEnvironOwner{make_blank_environ(url, std::move(options))}, Request(own_environ) {}
  BlankRequest(std::string_view url, BlankOptions options, const Registry& registry)
      : BlankEnvironOwner{make_blank_environ(url, std::move(options))},
        Request(own_environ, registry) {}
};

}  // namespace aiopyr

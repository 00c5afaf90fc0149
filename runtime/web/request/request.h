#pragma once

#include <any>
#include <cstddef>
#include <exception>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/web/context/resource.h>
#include <aiopyr/runtime/web/context/security.h>
#include <aiopyr/runtime/web/forms/forms.h>
#include <aiopyr/runtime/web/http/cookies.h>
#include <aiopyr/runtime/web/http/headers.h>
#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/request/environ.h>
#include <aiopyr/runtime/web/request/request_findings.h>
#include <aiopyr/runtime/web/request/session.h>
#include <aiopyr/runtime/web/settings/settings.h>
#include <aiopyr/runtime/web/url/multidict.h>
#include <aiopyr/runtime/web/url/url_options.h>

namespace aiopyr {

class Registry;

/// Bounds on the size of one request.
struct RequestLimits {
  std::size_t body = 16U << 20;                   ///< bytes; more is answered with 413
  std::size_t query_parameters = kMaxParameters;  ///< more is answered with 400
  FormLimits form{};
};

/// One request, as pyramid.request.Request: a lazy view of the server's variables and body, and the
/// place where the framework stores what it has found out (request_findings.h).
///
/// Belongs to the request's fiber and lives on it until the finished callbacks have run. Besides
/// that fiber one other context at a time may use it while the fiber is parked: a coroutine on the
/// loop or a plain view in an executor thread. Nothing is locked; what a getter computes it keeps.
/// The first body(), text(), json_body(), POST(), files(), params() reads from the client and may
/// park, so it has to happen on the fiber: mappers do it before a view runs elsewhere. Nothing is
/// parsed before it is asked for, but for large bodies of coroutine views (parse_large_body()). On
/// the fiber a large body is parsed in a thread, which the fiber waits for.
///
/// Views and references that getters return are valid for the life of the request. A getter that
/// meets an error of the client throws HTTPBadRequest, each time.
class Request : public RequestFindings {
 public:
  using ResponseCallback = std::function<void(Request&, Response&)>;
  using FinishedCallback = std::function<void(Request&)>;

  /// `environ` and `registry` must outlive the request. Without a registry it is a request to an
  /// app without any configuration.
  explicit Request(Environ& environ, const Registry& registry = empty_registry(),
                   RequestLimits limits = {});
  ~Request();
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  [[nodiscard]] Environ& environ() const noexcept { return environ_; }
  /// Gives the request that much time from now, 0 for any, in place of what was left of its view's
  /// or the server's timeout. On the fiber, or in a coroutine on the loop.
  void set_timeout(Seconds timeout) { environ_.set_timeout(timeout.count()); }
  /// Returns the registry of the app that the request is for.
  [[nodiscard]] const Registry& registry() const noexcept { return registry_; }
  [[nodiscard]] const Settings& settings() const noexcept;
  /// Returns the folder in which relative names of templates and static files start.
  [[nodiscard]] const std::string& app_folder() const noexcept;
  [[nodiscard]] const RequestLimits& limits() const noexcept { return limits_; }

  // The request line and the URL (request_url.cc).

  /// Returns the method; "GET" if the server does not give it.
  [[nodiscard]] std::string_view method() const;
  /// Returns the version, such as "HTTP/1.1".
  [[nodiscard]] std::string_view http_version() const;
  /// Returns the prefix at which the app is mounted, decoded: "" or "/prefix". Throws
  /// HTTPBadRequest if it is not UTF-8.
  [[nodiscard]] std::string_view script_name() const;
  /// Returns the path below script_name, decoded; "/" at least if there is no script name. Throws
  /// HTTPBadRequest, in the words of Pyramid's URLDecodeError, if it is not UTF-8.
  [[nodiscard]] std::string_view path_info() const;
  /// Returns script_name and path_info, percent-encoded (webob's request.path).
  [[nodiscard]] std::string path() const;
  /// Returns path, and the query string behind a `?` if there is one.
  [[nodiscard]] std::string path_qs() const;
  /// Returns the path as the client wrote it, with its escapes, without the query.
  [[nodiscard]] std::string_view raw_path() const;
  [[nodiscard]] std::string_view query_string() const;
  /// Returns "http" or "https".
  [[nodiscard]] std::string_view scheme() const;
  /// Returns the Host header, or the server's own name and port if there is none.
  [[nodiscard]] std::string host() const;
  /// Returns "http://example.com:6543", without a default port.
  [[nodiscard]] std::string host_url() const;
  /// Returns host_url and script_name.
  [[nodiscard]] std::string application_url() const;
  /// Returns application_url and path_info.
  [[nodiscard]] std::string path_url() const;
  /// Returns path_url and query.
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::string_view remote_addr() const;
  [[nodiscard]] std::string_view remote_port() const;

  /// Returns the id of this request for logs and other services: the client's X-Request-ID if it is
  /// valid (request_id.h), else a new one. From then on error lines about this request have it, and
  /// so has the response, as X-Request-ID.
  [[nodiscard]] const std::string& id();
  /// Returns whether id() was called, as the JSON access log does for each request.
  [[nodiscard]] bool has_id() const noexcept { return !id_.empty(); }

  // Headers.

  /// Returns the value of a header, or an empty view whose data() is null if there is none.
  /// Repeated headers are as the server joined them.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  [[nodiscard]] const Headers& headers();
  [[nodiscard]] const Cookies& cookies();
  /// Returns the media type without parameters, in lower case.
  [[nodiscard]] std::string content_type() const;
  /// Returns the bytes of the body, if the client announced them.
  [[nodiscard]] std::optional<std::size_t> content_length() const;
  /// Returns whether the client waits until it is asked for the body, as body() and all functions
  /// that read it do: Expect is 100-continue (RFC 9110 section 10.1.1).
  [[nodiscard]] bool expects_continue() const;
  /// Returns whether X-Requested-With is XMLHttpRequest.
  [[nodiscard]] bool is_xhr() const;

  // Parameters and body.

  /// Returns the parameters of the query.
  [[nodiscard]] const MultiDict& GET();
  [[nodiscard]] const MultiDict& query() { return GET(); }
  /// Returns the text fields of a form. Empty if the body is not a form and, as in WebOb, for the
  /// body of a GET or a HEAD (RFC 9110 section 9.3.1 gives it no meaning).
  [[nodiscard]] const MultiDict& POST() { return form().fields; }
  /// Returns the files of a form.
  [[nodiscard]] const std::vector<FileField>& files() { return form().files; }
  /// Returns the last file of that field, or null.
  [[nodiscard]] const FileField* file(std::string_view name);
  /// Returns GET and POST in one, in this order: of a name in both, operator[] returns GET's value.
  [[nodiscard]] const MultiDict& params();
  /// Returns the whole body. Throws HTTPRequestEntityTooLarge over the limit, HTTPRequestTimeout if
  /// the client is too slow, ClientDisconnected if it went away.
  [[nodiscard]] std::string_view body();
  /// Returns the body as UTF-8.
  [[nodiscard]] std::string_view text();
  [[nodiscard]] const Json& json_body();
  /// Gives json_body() away, for a view that goes on with it: a large value takes long to copy.
  [[nodiscard]] Json take_json_body();

  /// Reads the body and parses the parameters now, if there are any, so that errors in them are met
  /// early. Does nothing the second time. Throws as params() and body() do.
  void load_params();

  /// Reads the body, and parses a large one now, in a thread, for a view that cannot wait for that
  /// later: as JSON or as a form, by its type and its first byte. Its errors are thrown when it is
  /// asked for. For mappers; on the fiber.
  void parse_large_body();
  /// Returns whether the body was read, and is so large that parse_large_body() parses it.
  [[nodiscard]] bool has_large_body() const noexcept;
  /// Returns whether a form or JSON was asked for, since parse_large_body() if that has parsed.
  [[nodiscard]] bool was_asked_for_content() const noexcept { return asked_for_content_; }

  /// Returns the value that the app has added under this name (Configurator::add_request_method).
  /// Throws Error if there is no such name, or if the value is not a T.
  template <class T>
  [[nodiscard]] T property(std::string_view name) {
    std::any value = property_value(name);
    if (auto* typed = std::any_cast<T>(&value)) return std::move(*typed);
    throw_property_type(name, value, typeid(T));
  }

  // The user and its permissions (request_security.cc). Each result is a value in framework code
  // and in a plain view, and is awaited in a coroutine, where the policy runs on a fiber of its
  // own. In an executor thread a policy that needs the loop throws ScopeError: ask in a coroutine
  // instead, or in a tween that stores the answer in attributes().

  /// Returns the identity that the app's security policy gives the user; empty if unknown.
  [[nodiscard]] Deferred<Identity> identity();
  /// Returns the userid that the policy has checked, or nullopt.
  [[nodiscard]] Deferred<std::optional<std::string>> authenticated_userid();
  /// Returns the userid that the request claims.
  [[nodiscard]] Deferred<std::optional<std::string>> unauthenticated_userid();
  [[nodiscard]] Deferred<bool> is_authenticated();
  /// Returns the user, its groups, and its other principals; at least kEveryone.
  [[nodiscard]] Deferred<Principals> effective_principals();
  /// Returns whether this user has the permission on `context`: if null, on the request's context.
  [[nodiscard]] Deferred<PermitsResult> has_permission(std::string permission,
                                                       Resource* context = nullptr);
  /// Returns the session. Throws ConfigurationError if the app has no session factory.
  [[nodiscard]] Session& session();

  /// Returns the values that an app or a tween has stored with the request.
  [[nodiscard]] std::map<std::string, std::any, std::less<>>& attributes() noexcept {
    return attributes_;
  }

  // URLs (request_route_url.cc, request_resource_url.cc): pyramid.url. Arguments are not quoted
  // yet, results are. The forms with `path` begin with the script name, without scheme and host.
  // Pregenerators and resources may be called, so these run where those may run.

  /// Returns the URL of a route. Throws KeyError if there is no such route, or a value for one of
  /// its placeholders is missing.
  [[nodiscard]] std::string route_url(std::string_view route_name, const RouteValues& values = {},
                                      const UrlOptions& options = {});
  [[nodiscard]] std::string route_path(std::string_view route_name, const RouteValues& values = {},
                                       UrlOptions options = {});
  /// Returns the URL of the matched route: matchdict and query are kept, unless replaced (`.query =
  /// ""` for none). Throws Error if no route has matched.
  [[nodiscard]] std::string current_route_url(const RouteValues& values = {},
                                              UrlOptions options = {});
  [[nodiscard]] std::string current_route_path(const RouteValues& values = {},
                                               UrlOptions options = {});
  /// Returns the URL at which traversal finds a resource: with a `/` at the end, unless elements
  /// follow, and below the virtual root.
  [[nodiscard]] std::string resource_url(Resource& resource,
                                         const ResourceUrlOptions& options = {});
  [[nodiscard]] std::string resource_path(Resource& resource, ResourceUrlOptions options = {});
  /// Returns the URL of a file below a folder that add_static_view() serves; a relative path starts
  /// in the app's folder. Throws Error if no static view serves it.
  [[nodiscard]] std::string static_url(std::string_view path, const UrlOptions& options = {});
  [[nodiscard]] std::string static_path(std::string_view path, UrlOptions options = {});
  /// Returns application_url with another scheme, host or port.
  [[nodiscard]] std::string partial_application_url(std::string_view other_scheme,
                                                    std::string_view other_host,
                                                    int other_port) const;

  // The answer (request_callbacks.cc).

  /// Returns the response that a renderer will fill: status, headers and cookies set here reach a
  /// rendered response (pyramid's request.response). Not used if a view returns its own.
  [[nodiscard]] Response& response();
  [[nodiscard]] bool has_response() const noexcept { return response_.has_value(); }
  /// Replaces that response by another, or by none, which resets it; returns the old one.
  std::optional<Response> exchange_response(std::optional<Response> response);
  /// Returns, in a `wrapper` of another view, the response of that view. Null elsewhere.
  [[nodiscard]] const Response* wrapped_response() const noexcept;
  void set_wrapped_response(Response response);

  /// Adds a callback that gets the response, in order of addition, unless an exception was
  /// uncaught.
  void add_response_callback(ResponseCallback callback);
  /// Adds a callback that runs at the very end in any case, in order of addition.
  void add_finished_callback(FinishedCallback callback);
  /// Runs the callbacks; for the router. Callbacks may add callbacks. An exception stops them.
  void run_response_callbacks(Response& response);
  /// Runs all callbacks, even if some throw, then re-throws the first exception; for the router.
  void run_finished_callbacks();

 private:
  static const Registry& empty_registry();
  [[nodiscard]] std::any property_value(std::string_view name);
  [[noreturn]] static void throw_property_type(std::string_view name, const std::any& value,
                                               const std::type_info& wanted);
  [[nodiscard]] std::string_view checked_text(std::string_view variable) const;
  [[nodiscard]] bool announces_body() const;
  [[nodiscard]] const Form& form();
  /// Returns the type of the form that the body is; empty if it is no form.
  [[nodiscard]] std::string_view form_type() const;
  [[nodiscard]] bool seems_to_be_json() const;

  Environ& environ_;
  const Registry& registry_;
  RequestLimits limits_;

  mutable std::string_view method_;  // empty until the first call
  mutable std::optional<std::string_view> path_info_;
  std::optional<Headers> headers_;
  std::optional<Cookies> cookies_;
  std::optional<std::string_view> body_;
  std::exception_ptr body_error_;
  std::optional<MultiDict> get_;
  std::optional<Form> form_;
  std::optional<MultiDict> params_;
  std::optional<Json> json_body_;
  std::exception_ptr json_error_;
  std::exception_ptr form_error_;
  bool asked_for_content_ = false;

  std::string id_;
  std::map<std::string, std::any, std::less<>> attributes_;

  std::unique_ptr<Session> session_;
  std::optional<Response> response_;
  std::optional<Response> wrapped_response_;
  std::list<ResponseCallback> response_callbacks_;
  std::list<FinishedCallback> finished_callbacks_;
};

}  // namespace aiopyr

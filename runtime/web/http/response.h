#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/http/cache_control.h>
#include <aiopyr/runtime/web/http/cookies.h>
#include <aiopyr/runtime/web/http/file_body.h>
#include <aiopyr/runtime/web/http/headers.h>
#include <aiopyr/runtime/web/json/json.h>

namespace aiopyr {

class Request;
class Transport;

namespace detail {
struct ErrorPage;
}

/// A view's answer, as pyramid.response.Response: status, headers and a body in memory or in a
/// file. `text/html; charset=UTF-8` by default.
///
/// A plain value: used by one thread at a time; cheap to move. The server calls prepare() last; the
/// headers are then exactly what is sent. On a temporary, such as a function's result, readers
/// return copies instead of references.
class Response {
 public:
  /// Takes over the stream of an upgraded connection, and the bytes that the client has sent behind
  /// its request's head. Called on the loop thread after the head of the 101 was sent.
  using UpgradeHandler =
      std::function<void(std::unique_ptr<Transport> transport, std::string leftover_bytes)>;

  Response() : Response(std::string()) {}
  /// Makes a response with a body in UTF-8 (or bytes, for a content type without charset).
  explicit Response(std::string body, int status = 200,
                    std::string_view content_type = kDefaultContentType);

  /// Returns compact JSON as application/json. Text in it that is not UTF-8 becomes U+FFFD.
  [[nodiscard]] static Response json(const Json& value, int status = 200);

  /// Returns a file, opened now, with ETag and Last-Modified, as a conditional response. Its type
  /// is guessed from the name unless given. Throws HTTPNotFound if there is no such regular file,
  /// HTTPForbidden if it may not be read.
  [[nodiscard]] static Response file(const std::string& path, std::string_view content_type = {});

  static constexpr std::string_view kDefaultContentType = "text/html";

  /// Returns the code, such as 404.
  [[nodiscard]] int status_code() const noexcept { return status_code_; }
  /// Returns the status line without its version, such as "404 Not Found".
  [[nodiscard]] std::string status() const;
  /// Returns the reason phrase behind the code, such as "Not Found".
  [[nodiscard]] std::string_view reason() const& noexcept;
  [[nodiscard]] std::string reason() const&& { return std::string(reason()); }
  /// Sets the code, and its usual reason phrase unless one is given. Throws Error for a code that
  /// is not from 100 to 599 or a reason with control characters.
  void set_status(int code, std::string_view reason = {});

  [[nodiscard]] Headers& headers() & noexcept { return headers_; }
  [[nodiscard]] const Headers& headers() const& noexcept { return headers_; }
  [[nodiscard]] Headers headers() && noexcept { return std::move(headers_); }

  [[nodiscard]] const std::string& body() const& noexcept { return body_; }
  [[nodiscard]] std::string body() && noexcept { return std::move(body_); }
  /// Replaces the body, in memory or a file.
  void set_body(std::string body);
  /// Returns the body as text; the same bytes, because text is UTF-8 here.
  [[nodiscard]] const std::string& text() const& noexcept { return body_; }
  [[nodiscard]] std::string text() && noexcept { return std::move(body_); }
  void set_text(std::string text) { set_body(std::move(text)); }
  /// Moves the body out.
  [[nodiscard]] std::string take_body() noexcept { return std::move(body_); }

  /// Returns the file that is the body, or null.
  [[nodiscard]] const std::shared_ptr<const FileBody>& file_body() const& noexcept { return file_; }
  [[nodiscard]] std::shared_ptr<const FileBody> file_body() && noexcept { return std::move(file_); }
  void set_file_body(std::shared_ptr<const FileBody> file);
  /// Sets a part of a file as the body. Requires: it lies within the file.
  void set_file_body(std::shared_ptr<const FileBody> file, std::uint64_t offset,
                     std::uint64_t length);
  /// Returns the offset in the file at which the body begins; its length is content_length().
  [[nodiscard]] std::uint64_t file_offset() const noexcept { return file_offset_; }

  [[nodiscard]] bool has_body() const noexcept { return !body_.empty() || file_ != nullptr; }
  /// Returns the bytes of the body, in memory or in the file.
  [[nodiscard]] std::uint64_t content_length() const noexcept;
  /// Returns whether the status allows a body at all.
  [[nodiscard]] bool allows_body() const noexcept;

  /// Returns the media type without parameters; empty if there is none.
  [[nodiscard]] std::string_view content_type() const& noexcept;
  [[nodiscard]] std::string content_type() const&& { return std::string(content_type()); }
  /// Sets the type. A type that carries text gets the charset UTF-8 unless `type` names one; an
  /// empty one removes the header (WebOb's content_type property).
  void set_content_type(std::string_view type);
  [[nodiscard]] std::string charset() const;
  /// Sets the charset, or removes it if the name is empty. Throws Error if it is not a charset's
  /// name, or there is no content type.
  void set_charset(std::string_view charset);

  [[nodiscard]] std::string_view location() const& noexcept { return headers_.get("Location", ""); }
  [[nodiscard]] std::string location() const&& { return std::string(location()); }
  void set_location(std::string_view url) { headers_.set("Location", url); }

  // Caching (response_caching.cc).

  /// Sets whether to answer conditional requests and ranges by the ETag and the Last-Modified when
  /// the response is sent (webob's conditional_response): a successful answer to GET or HEAD
  /// becomes 304, 412, 206 or 416 if the client asked for that. See conditional.h.
  void set_conditional_response(bool is_conditional) noexcept { is_conditional_ = is_conditional; }
  [[nodiscard]] bool conditional_response() const noexcept { return is_conditional_; }

  /// Returns the entity tag as it is in the header, `"abc"` or `W/"abc"`; empty if there is none.
  [[nodiscard]] std::string_view etag() const& noexcept { return headers_.get("ETag", ""); }
  [[nodiscard]] std::string etag() const&& { return std::string(etag()); }
  /// Sets the ETag from the text between the quotes; an empty text removes it. Throws Error for
  /// characters that an entity tag may not have (RFC 9110 section 8.8.3).
  void set_etag(std::string_view opaque, bool is_weak = false);
  [[nodiscard]] std::optional<std::chrono::system_clock::time_point> last_modified() const noexcept;
  void set_last_modified(std::chrono::system_clock::time_point time);

  [[nodiscard]] CacheControl cache_control() const;
  /// Replaces the header; removes it if no directive is set.
  void set_cache_control(const CacheControl& directives);
  /// Sets Cache-Control and Expires so that the response stays fresh for that long. An age of 0
  /// forbids any caching; without an age only `more` is set (webob's cache_expires).
  void cache_expires(std::optional<std::chrono::seconds> age = std::chrono::seconds(0),
                     const CacheControl& more = {});

  /// Adds a Set-Cookie header (webob's Response.set_cookie); throws Error as make_cookie does.
  void set_cookie(std::string_view name, std::string_view value, const CookieOptions& options = {});
  /// Makes the browser forget a cookie; path and domain must be those it was set with.
  void delete_cookie(std::string_view name, std::string_view path = "/",
                     std::string_view domain = {});
  /// Removes the Set-Cookie headers of that name; returns how many there were.
  std::size_t unset_cookie(std::string_view name);

  /// Called by the server with the stream once the head of the 101 was sent; for a 101 only.
  UpgradeHandler on_upgrade;

  /// Makes the response ready to be sent: answers conditions, if set to do so; writes an HTTP
  /// exception's page, unless a body was set, in the form that the request's Accept header prefers
  /// (html, json, else plain text); sets Content-Length; removes body, Content-Type and
  /// Content-Length if the status has none. Call it again if the response changes afterwards.
  void prepare(std::string_view accept, std::string_view method);
  void prepare(const Request& request);

 protected:
  /// Sets the page of an HTTP exception; slicing one to a Response keeps it, so a view may return
  /// one.
  void set_error_page(std::shared_ptr<const detail::ErrorPage> page) { page_ = std::move(page); }
  [[nodiscard]] const detail::ErrorPage* error_page() const noexcept { return page_.get(); }

 private:
  [[nodiscard]] bool wants_error_page() const noexcept { return page_ && !has_body(); }
  void write_error_page(std::string_view accept, std::string_view method);

  int status_code_ = 200;
  std::string reason_;  // empty: the standard one
  Headers headers_;
  std::string body_;
  std::shared_ptr<const FileBody> file_;
  std::uint64_t file_offset_ = 0;
  std::uint64_t file_length_ = 0;
  bool is_conditional_ = false;
  std::shared_ptr<const detail::ErrorPage> page_;
};

}  // namespace aiopyr

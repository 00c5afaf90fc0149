#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/response.h>

/// pyramid.httpexceptions: responses that can be thrown.
///
///   Error, Response
///   └── HttpException
///       ├── HTTPSuccessful         2xx
///       ├── HTTPRedirection        3xx
///       └── HTTPError
///           ├── HTTPClientError    4xx
///           └── HTTPServerError    5xx
///
/// A view may throw an exception or return it as its Response; both send the same. Exceptions are
/// plain values: thrown on one thread, they may be caught on another.
namespace aiopyr {

class PermitsResult;

class HttpException : public Error, public Response {
 public:
  [[nodiscard]] int code() const noexcept { return status_code(); }
  [[nodiscard]] const std::string& title() const& noexcept;
  [[nodiscard]] std::string title() const&& { return title(); }
  [[nodiscard]] const std::string& explanation() const& noexcept;
  [[nodiscard]] std::string explanation() const&& { return explanation(); }
  /// Returns what happened this time; what() is the same if it is not empty.
  [[nodiscard]] const std::string& detail() const& noexcept;
  [[nodiscard]] std::string detail() const&& { return detail(); }

  /// Throws a copy of this exception with its own type.
  [[noreturn]] virtual void raise() const = 0;

 protected:
  HttpException(int code, std::string detail, const Headers& headers, std::string comment);
  /// Makes a redirection to `location`; throws Error if that may not stand in a header.
  HttpException(int code, std::string_view location, std::string detail, const Headers& headers,
                std::string comment);
};

class HTTPSuccessful : public HttpException {
 protected:
  using HttpException::HttpException;
};

class HTTPRedirection : public HttpException {
 protected:
  using HttpException::HttpException;
};

class HTTPError : public HttpException {
 protected:
  using HttpException::HttpException;
};

class HTTPClientError : public HTTPError {
 protected:
  using HTTPError::HTTPError;
};

class HTTPServerError : public HTTPError {
 protected:
  using HTTPError::HTTPError;
};

namespace detail {

/// A concrete exception: `throw HTTPNotFound()`, `throw HTTPNotFound("no such page")`. `detail`
/// says what happened this time; `headers` are added to the response; `comment` becomes an HTML
/// comment. Detail and comment reach the client, escaped.
template <typename Derived, int Code, typename Base>
class Status : public Base {
 public:
  static constexpr int kCode = Code;

  explicit Status(std::string detail = {}, const Headers& headers = {}, std::string comment = {})
      : Base(Code, std::move(detail), headers, std::move(comment)) {}

  [[noreturn]] void raise() const override { throw static_cast<const Derived&>(*this); }
};

/// A redirection to a location: `throw HTTPFound("/login")`.
template <typename Derived, int Code>
class Move : public HTTPRedirection {
 public:
  static constexpr int kCode = Code;

  explicit Move(std::string_view location, std::string detail = {}, const Headers& headers = {},
                std::string comment = {})
      : HTTPRedirection(Code, location, std::move(detail), headers, std::move(comment)) {}

  [[noreturn]] void raise() const override { throw static_cast<const Derived&>(*this); }
};

}  // namespace detail

struct HTTPOk : detail::Status<HTTPOk, 200, HTTPSuccessful> {
  using Status::Status;
};

struct HTTPCreated : detail::Status<HTTPCreated, 201, HTTPSuccessful> {
  using Status::Status;
};

struct HTTPAccepted : detail::Status<HTTPAccepted, 202, HTTPSuccessful> {
  using Status::Status;
};

struct HTTPNonAuthoritativeInformation
    : detail::Status<HTTPNonAuthoritativeInformation, 203, HTTPSuccessful> {
  using Status::Status;
};

struct HTTPNoContent : detail::Status<HTTPNoContent, 204, HTTPSuccessful> {
  using Status::Status;
};

struct HTTPResetContent : detail::Status<HTTPResetContent, 205, HTTPSuccessful> {
  using Status::Status;
};

struct HTTPPartialContent : detail::Status<HTTPPartialContent, 206, HTTPSuccessful> {
  using Status::Status;
};

struct HTTPMultipleChoices : detail::Move<HTTPMultipleChoices, 300> {
  using Move::Move;
};

struct HTTPMovedPermanently : detail::Move<HTTPMovedPermanently, 301> {
  using Move::Move;
};

struct HTTPFound : detail::Move<HTTPFound, 302> {
  using Move::Move;
};

struct HTTPSeeOther : detail::Move<HTTPSeeOther, 303> {
  using Move::Move;
};

struct HTTPTemporaryRedirect : detail::Move<HTTPTemporaryRedirect, 307> {
  using Move::Move;
};

struct HTTPPermanentRedirect : detail::Move<HTTPPermanentRedirect, 308> {
  using Move::Move;
};

struct HTTPNotModified : detail::Status<HTTPNotModified, 304, HTTPRedirection> {
  using Status::Status;
};

struct HTTPBadRequest : detail::Status<HTTPBadRequest, 400, HTTPClientError> {
  using Status::Status;
};

struct HTTPUnauthorized : detail::Status<HTTPUnauthorized, 401, HTTPClientError> {
  using Status::Status;
};

struct HTTPPaymentRequired : detail::Status<HTTPPaymentRequired, 402, HTTPClientError> {
  using Status::Status;
};

struct HTTPForbidden : detail::Status<HTTPForbidden, 403, HTTPClientError> {
  using Status::Status;
  /// The security policy's answer, if it was asked; else null. Not shown to the client.
  std::shared_ptr<const PermitsResult> result;
};

struct HTTPNotFound : detail::Status<HTTPNotFound, 404, HTTPClientError> {
  using Status::Status;
};

struct HTTPMethodNotAllowed : detail::Status<HTTPMethodNotAllowed, 405, HTTPClientError> {
  using Status::Status;
};

struct HTTPNotAcceptable : detail::Status<HTTPNotAcceptable, 406, HTTPClientError> {
  using Status::Status;
};

struct HTTPRequestTimeout : detail::Status<HTTPRequestTimeout, 408, HTTPClientError> {
  using Status::Status;
};

struct HTTPConflict : detail::Status<HTTPConflict, 409, HTTPClientError> {
  using Status::Status;
};

struct HTTPGone : detail::Status<HTTPGone, 410, HTTPClientError> {
  using Status::Status;
};

struct HTTPLengthRequired : detail::Status<HTTPLengthRequired, 411, HTTPClientError> {
  using Status::Status;
};

struct HTTPPreconditionFailed : detail::Status<HTTPPreconditionFailed, 412, HTTPClientError> {
  using Status::Status;
};

struct HTTPRequestEntityTooLarge : detail::Status<HTTPRequestEntityTooLarge, 413, HTTPClientError> {
  using Status::Status;
};

struct HTTPRequestURITooLong : detail::Status<HTTPRequestURITooLong, 414, HTTPClientError> {
  using Status::Status;
};

struct HTTPUnsupportedMediaType : detail::Status<HTTPUnsupportedMediaType, 415, HTTPClientError> {
  using Status::Status;
};

struct HTTPRequestRangeNotSatisfiable
    : detail::Status<HTTPRequestRangeNotSatisfiable, 416, HTTPClientError> {
  using Status::Status;
};

struct HTTPExpectationFailed : detail::Status<HTTPExpectationFailed, 417, HTTPClientError> {
  using Status::Status;
};

struct HTTPImATeapot : detail::Status<HTTPImATeapot, 418, HTTPClientError> {
  using Status::Status;
};

struct HTTPUnprocessableEntity : detail::Status<HTTPUnprocessableEntity, 422, HTTPClientError> {
  using Status::Status;
};

struct HTTPLocked : detail::Status<HTTPLocked, 423, HTTPClientError> {
  using Status::Status;
};

struct HTTPUpgradeRequired : detail::Status<HTTPUpgradeRequired, 426, HTTPClientError> {
  using Status::Status;
};

struct HTTPPreconditionRequired : detail::Status<HTTPPreconditionRequired, 428, HTTPClientError> {
  using Status::Status;
};

struct HTTPTooManyRequests : detail::Status<HTTPTooManyRequests, 429, HTTPClientError> {
  using Status::Status;
};

struct HTTPRequestHeaderFieldsTooLarge
    : detail::Status<HTTPRequestHeaderFieldsTooLarge, 431, HTTPClientError> {
  using Status::Status;
};

struct HTTPInternalServerError : detail::Status<HTTPInternalServerError, 500, HTTPServerError> {
  using Status::Status;
};

struct HTTPNotImplemented : detail::Status<HTTPNotImplemented, 501, HTTPServerError> {
  using Status::Status;
};

struct HTTPBadGateway : detail::Status<HTTPBadGateway, 502, HTTPServerError> {
  using Status::Status;
};

struct HTTPServiceUnavailable : detail::Status<HTTPServiceUnavailable, 503, HTTPServerError> {
  using Status::Status;
};

struct HTTPGatewayTimeout : detail::Status<HTTPGatewayTimeout, 504, HTTPServerError> {
  using Status::Status;
};

struct HTTPVersionNotSupported : detail::Status<HTTPVersionNotSupported, 505, HTTPServerError> {
  using Status::Status;
};

struct HTTPInsufficientStorage : detail::Status<HTTPInsufficientStorage, 507, HTTPServerError> {
  using Status::Status;
};

/// Returns the exception of a status code, such as HTTPNotFound for 404 (pyramid's
/// exception_response); throw it with raise(). Redirections get an empty location. Throws Error for
/// a code that has no exception.
[[nodiscard]] std::unique_ptr<HttpException> exception_response(int code, std::string detail = {});

}  // namespace aiopyr

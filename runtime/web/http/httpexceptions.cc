#include <aiopyr/runtime/web/http/error_page.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/http/status.h>

namespace aiopyr {
namespace {

using PageForm = detail::ErrorPage::Form;

std::string words(int code, const std::string& detail) {
  if (!detail.empty()) return detail;
  const StatusInfo* status = find_status(code);
  if (status == nullptr) return std::to_string(code);
  return std::string(status->explanation.empty() ? status->title : status->explanation);
}

std::shared_ptr<const detail::ErrorPage> make_page(PageForm form, int code, std::string detail,
                                                   std::string comment) {
  const StatusInfo* status = find_status(code);
  auto page = std::make_shared<detail::ErrorPage>();
  page->form = form;
  page->title = std::string(reason_phrase(code));
  page->explanation = status == nullptr ? std::string() : std::string(status->explanation);
  page->detail = std::move(detail);
  page->comment = std::move(comment);
  return page;
}

template <typename Exception>
std::unique_ptr<HttpException> make(std::string detail) {
  if constexpr (std::is_constructible_v<Exception, std::string_view, std::string>) {
    return std::make_unique<Exception>(std::string_view(), std::move(detail));
  } else {
    return std::make_unique<Exception>(std::move(detail));
  }
}

/// Returns an exception of the first type that has this code.
template <typename... Exceptions>
std::unique_ptr<HttpException> make_first(int code, std::string& detail) {
  std::unique_ptr<HttpException> result;
  static_cast<void>(
      ((Exceptions::kCode == code && (result = make<Exceptions>(std::move(detail)), true)) || ...));
  return result;
}

}  // namespace

HttpException::HttpException(int code, std::string detail, const Headers& headers,
                             std::string comment)
    : Error(words(code, detail)), Response(std::string(), code) {
  this->headers().extend(headers);
  const PageForm form =
      code == HTTPMethodNotAllowed::kCode ? PageForm::kMethodNotAllowed : PageForm::kStandard;
  set_error_page(make_page(form, code, std::move(detail), std::move(comment)));
}

HttpException::HttpException(int code, std::string_view location, std::string detail,
                             const Headers& headers, std::string comment)
    : Error(words(code, detail)), Response(std::string(), code) {
  set_location(location);
  this->headers().extend(headers);
  set_error_page(make_page(PageForm::kMove, code, std::move(detail), std::move(comment)));
}

const std::string& HttpException::title() const& noexcept { return error_page()->title; }

const std::string& HttpException::explanation() const& noexcept {
  return error_page()->explanation;
}

const std::string& HttpException::detail() const& noexcept { return error_page()->detail; }

std::unique_ptr<HttpException> exception_response(int code, std::string detail) {
  auto result = make_first<
      HTTPOk, HTTPCreated, HTTPAccepted, HTTPNonAuthoritativeInformation, HTTPNoContent,
      HTTPResetContent, HTTPPartialContent, HTTPMultipleChoices, HTTPMovedPermanently, HTTPFound,
      HTTPSeeOther, HTTPTemporaryRedirect, HTTPPermanentRedirect, HTTPNotModified, HTTPBadRequest,
      HTTPUnauthorized, HTTPPaymentRequired, HTTPForbidden, HTTPNotFound, HTTPMethodNotAllowed,
      HTTPNotAcceptable, HTTPRequestTimeout, HTTPConflict, HTTPGone, HTTPLengthRequired,
      HTTPPreconditionFailed, HTTPRequestEntityTooLarge, HTTPRequestURITooLong,
      HTTPUnsupportedMediaType, HTTPRequestRangeNotSatisfiable, HTTPExpectationFailed,
      HTTPImATeapot, HTTPUnprocessableEntity, HTTPLocked, HTTPUpgradeRequired,
      HTTPPreconditionRequired, HTTPTooManyRequests, HTTPRequestHeaderFieldsTooLarge,
      HTTPInternalServerError, HTTPNotImplemented, HTTPBadGateway, HTTPServiceUnavailable,
      HTTPGatewayTimeout, HTTPVersionNotSupported, HTTPInsufficientStorage>(code, detail);
  if (!result)
    throw Error("There is no HTTP exception for the status " + std::to_string(code) + ".");
  return result;
}

}  // namespace aiopyr

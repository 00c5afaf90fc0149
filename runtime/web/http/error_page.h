#pragma once

#include <string>
#include <string_view>

/// The page of an HTTP exception (pyramid.httpexceptions.HTTPException.prepare). Internal to
/// runtime/web; stateless, any thread.
namespace aiopyr::detail {

struct ErrorPage {
  enum class Form {
    kStandard,          // explanation, detail, comment
    kMove,              // "... LOCATION; you should be redirected automatically."
    kMethodNotAllowed,  // "The method M is not allowed for this resource."
  };
  Form form = Form::kStandard;
  std::string title;
  std::string explanation;
  std::string detail;
  std::string comment;
};

struct PageRequest {
  std::string status;  // "404 Not Found"
  std::string_view location;
  std::string_view accept;
  std::string_view method;
};

struct RenderedPage {
  std::string content_type;
  std::string body;
};

/// Renders the page in the form that the Accept header prefers: html (all escaped), json
/// `{"message", "code", "title"}`, else plain text. Without an Accept header: html.
[[nodiscard]] RenderedPage render_error_page(const ErrorPage& page, const PageRequest& request);

}  // namespace aiopyr::detail

#include <array>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/http/accept.h>
#include <aiopyr/runtime/web/http/error_page.h>
#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/json/json_writer.h>

namespace aiopyr::detail {
namespace {

constexpr std::string_view kHtml = "text/html";
constexpr std::string_view kJson = "application/json";

/// Writes text and line ends for one of the three output formats.
struct Format {
  std::string (*escape)(std::string_view text);
  std::string_view line_break;
};

std::string keep(std::string_view text) { return std::string(text); }

constexpr Format kHtmlFormat{html_escape, "<br/>"};
constexpr Format kPlainFormat{keep, "\n"};

/// Writes the message of the page; Pyramid's three body templates.
std::string message(const ErrorPage& page, const PageRequest& request, const Format& format) {
  const std::string detail = format.escape(page.detail);
  std::string comment = format.escape(page.comment);
  if (&format == &kHtmlFormat && !comment.empty()) comment = "<!-- " + comment + " -->";
  const std::string lines = std::string(format.line_break) + std::string(format.line_break) + '\n';
  switch (page.form) {
    case ErrorPage::Form::kMove:
      return format.escape(page.explanation) + ' ' + format.escape(request.location) +
             "; you should be redirected automatically.\n" + detail + '\n' + comment;
    case ErrorPage::Form::kMethodNotAllowed:
      return "The method " + format.escape(request.method) + " is not allowed for this resource. " +
             lines + detail;
    case ErrorPage::Form::kStandard:
      break;
  }
  return format.escape(page.explanation) + lines + detail + '\n' + comment + '\n';
}

std::string html_page(const std::string& status, const std::string& body) {
  return "<html>\n <head>\n  <title>" + status + "</title>\n </head>\n <body>\n  <h1>" + status +
         "</h1>\n  " + body + "\n </body>\n</html>";
}

}  // namespace

RenderedPage render_error_page(const ErrorPage& page, const PageRequest& request) {
  static constexpr std::array<std::string_view, 2> kOffers{kHtml, kJson};
  const auto accepted = acceptable_offers(request.accept, kOffers);
  const std::string_view type = accepted.empty() ? "text/plain" : accepted.front();
  if (type == kHtml) {
    return {std::string(kHtml),
            html_page(html_escape(request.status), message(page, request, kHtmlFormat))};
  }
  const std::string text = message(page, request, kPlainFormat);
  if (type == kJson) {
    const Json value{{"message", text}, {"code", request.status}, {"title", page.title}};
    return {std::string(kJson), write_json(value)};
  }
  return {"text/plain", request.status + "\n\n" + text};
}

}  // namespace aiopyr::detail

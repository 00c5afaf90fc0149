#include <algorithm>

#include <aiopyr/runtime/async/executor/executor_call.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/header_params.h>
#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/http/json_parser.h>
#include <aiopyr/runtime/web/json/large_json.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr {
namespace {

constexpr std::string_view kHeaderPrefix = "HTTP_";

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

/// Returns whether it is one of the two headers that CGI (RFC 3875 section 4.1) passes without the
/// prefix.
bool is_plain_variable(std::string_view name) noexcept {
  return name == "CONTENT_TYPE" || name == "CONTENT_LENGTH";
}

std::string variable_of(std::string_view header) {
  std::string name(kHeaderPrefix.size() + header.size(), '\0');
  char* const end = std::copy(kHeaderPrefix.begin(), kHeaderPrefix.end(), name.data());
  std::transform(header.begin(), header.end(), end,
                 [](char c) { return c == '-' ? '_' : ascii_upper(c); });
  if (is_plain_variable(std::string_view(name).substr(kHeaderPrefix.size()))) {
    name.erase(0, kHeaderPrefix.size());
  }
  return name;
}

/// Converts HTTP_X_REQUESTED_WITH to X-Requested-With.
std::string header_of(std::string_view variable) {
  std::string name;
  bool starts_word = true;
  for (const char c : variable) {
    name += c == '_' ? '-' : (starts_word ? ascii_upper(c) : ascii_lower(c));
    starts_word = c == '_';
  }
  return name;
}

}  // namespace

Request::Request(Environ& environ, const Registry& registry, RequestLimits limits)
    : environ_(environ), registry_(registry), limits_(limits) {}

Request::~Request() {
  if (json_body_) detail::free_aside(std::move(*json_body_));
}

std::string_view Request::header(std::string_view name) const {
  return environ_.get(variable_of(name));
}

const Headers& Request::headers() {
  if (headers_) return *headers_;
  Headers headers;
  environ_.for_each([&headers](std::string_view variable, std::string_view value) {
    if (is_plain_variable(variable)) {
      if (!value.empty()) headers.try_add(header_of(variable), value);
    } else if (variable.starts_with(kHeaderPrefix)) {
      headers.try_add(header_of(variable.substr(kHeaderPrefix.size())), value);
    }
  });
  return headers_.emplace(std::move(headers));
}

const Cookies& Request::cookies() {
  if (!cookies_) cookies_ = parse_cookies(environ_.get("HTTP_COOKIE"));
  return *cookies_;
}

std::string Request::content_type() const {
  return parse_header_value(environ_.get("CONTENT_TYPE")).value;
}

std::optional<std::size_t> Request::content_length() const {
  return parse_number<std::size_t>(environ_.get("CONTENT_LENGTH"));
}

bool Request::expects_continue() const {
  return ascii_iequals(environ_.get("HTTP_EXPECT"), "100-continue");
}

bool Request::is_xhr() const { return header("X-Requested-With") == "XMLHttpRequest"; }

const MultiDict& Request::GET() {
  if (!get_) get_ = parse_query(query_string(), limits_.query_parameters);
  return *get_;
}

const FileField* Request::file(std::string_view name) {
  const FileField* last = nullptr;
  for (const FileField& file : files()) {
    if (file.name == name) last = &file;
  }
  return last;
}

const MultiDict& Request::params() {
  if (params_) return *params_;
  const MultiDict& query = GET();
  if (POST().empty()) return query;
  return params_.emplace(MultiDict::nested(query, POST()));
}

bool Request::announces_body() const {
  // Without these headers there is no body (RFC 9112 section 6.3). Not asking for one leaves the
  // bytes untouched that a client sends behind an upgrade request.
  const std::string_view length = environ_.get("CONTENT_LENGTH");
  if (length.empty()) return !environ_.get("HTTP_TRANSFER_ENCODING").empty();
  return parse_number<std::size_t>(length) != 0;
}

std::string_view Request::body() {
  if (body_) return *body_;
  // Throws the first error again: the server reads only once, and an exception view's parameters
  // meet the same error.
  if (body_error_) std::rethrow_exception(body_error_);
  try {
    body_ = announces_body() ? environ_.read_body(limits_.body) : std::string_view("");
  } catch (const HttpException&) {
    body_error_ = std::current_exception();
    throw;
  }
  return *body_;
}

std::string_view Request::text() {
  if (const auto error = find_utf8_error(body())) {
    throw HTTPBadRequest("The body is not UTF-8: " + describe(*error));
  }
  return body();
}

const Json& Request::json_body() {
  asked_for_content_ = true;
  if (json_error_) std::rethrow_exception(json_error_);
  if (json_body_) return *json_body_;
  const std::string_view text = body();
  try {
    json_body_ =
        detail::call_aside(text.size() > detail::kLargeBytes, [text] { return parse_json(text); });
  } catch (const HttpException&) {
    json_error_ = std::current_exception();
    throw;
  }
  return *json_body_;
}

Json Request::take_json_body() {
  static_cast<void>(json_body());
  Json taken = std::move(*json_body_);
  json_body_.reset();
  return taken;
}

std::string_view Request::form_type() const {
  // As in WebOb. Caches take no notice of these bodies, so they may not change an answer.
  if (ascii_iequals(method(), "GET") || ascii_iequals(method(), "HEAD")) return {};
  const std::string_view type = environ_.get("CONTENT_TYPE");
  // As in WebOb, a POST that does not say what it is counts as a form.
  if (type.empty()) return method() == "POST" ? kFormType : type;
  return is_form_type(type) ? type : std::string_view();
}

const Form& Request::form() {
  asked_for_content_ = true;
  if (form_error_) std::rethrow_exception(form_error_);
  if (form_) return *form_;
  const std::string_view type = form_type();
  if (type.empty() || body().empty()) return form_.emplace();
  const auto parse = [this, type, text = body()] { return parse_form(type, text, limits_.form); };
  try {
    return form_.emplace(detail::call_aside(body().size() > detail::kLargeBytes, parse));
  } catch (const HttpException&) {
    form_error_ = std::current_exception();
    throw;
  }
}

/// Returns whether the body is JSON by its type or, as with curl's `-d`, by its first character.
bool Request::seems_to_be_json() const {
  const std::string type = content_type();
  if (type == "application/json" || type.ends_with("+json") || type == "text/json") return true;
  if (type.starts_with("multipart/")) return false;
  const auto first = body_->find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && ((*body_)[first] == '{' || (*body_)[first] == '[');
}

bool Request::has_large_body() const noexcept {
  return body_ && body_->size() > detail::kLargeBytes;
}

void Request::parse_large_body() {
  static_cast<void>(body());
  if (!has_large_body()) return;
  try {
    if (seems_to_be_json()) {
      static_cast<void>(json_body());
    } else {
      static_cast<void>(form());
    }
  } catch (const HttpException&) {
    // Ignores the error: it is thrown again when the contents are asked for.
  }
  asked_for_content_ = false;
}

void Request::load_params() {
  // Returns early: there is nothing to parse.
  if (body().empty() && query_string().empty()) return;
  static_cast<void>(params());
}

}  // namespace aiopyr

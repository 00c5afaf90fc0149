#include <algorithm>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/header_params.h>
#include <aiopyr/runtime/web/http/error_page.h>
#include <aiopyr/runtime/web/http/mime.h>
#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/http/status.h>
#include <aiopyr/runtime/web/json/json_writer.h>

namespace aiopyr {
namespace {

bool is_reason(std::string_view reason) noexcept {
  return std::none_of(reason.begin(), reason.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

}  // namespace

Response::Response(std::string body, int status, std::string_view content_type)
    : body_(std::move(body)) {
  set_status(status);
  set_content_type(content_type);
}

Response Response::json(const Json& value, int status) {
  return Response(write_json(value), status, "application/json");
}

Response Response::file(const std::string& path, std::string_view content_type) {
  Response response;
  response.set_file_body(FileBody::open(path));
  const MimeType guessed = guess_mime_type(path);
  response.set_content_type(content_type.empty() ? guessed.type : content_type);
  if (content_type.empty() && !guessed.encoding.empty()) {
    response.headers_.set("Content-Encoding", guessed.encoding);
  }
  response.set_etag(response.file_->etag(), response.file_->is_fresh());
  response.set_last_modified(response.file_->modified());
  response.set_conditional_response(true);
  return response;
}

std::string Response::status() const {
  std::string status = std::to_string(status_code_);
  return status.append(1, ' ').append(reason());
}

std::string_view Response::reason() const& noexcept {
  return reason_.empty() ? reason_phrase(status_code_) : reason_;
}

void Response::set_status(int code, std::string_view reason) {
  if (code < 100 || code > 599) {
    throw Error("A status code is from 100 to 599, not " + std::to_string(code) + ".");
  }
  if (!is_reason(reason)) throw Error("A status line's reason may not hold control characters.");
  status_code_ = code;
  reason_ = reason;
}

void Response::set_body(std::string body) {
  body_ = std::move(body);
  file_.reset();
}

void Response::set_file_body(std::shared_ptr<const FileBody> file) {
  const std::uint64_t size = file ? file->size() : 0;
  set_file_body(std::move(file), 0, size);
}

void Response::set_file_body(std::shared_ptr<const FileBody> file, std::uint64_t offset,
                             std::uint64_t length) {
  file_ = std::move(file);
  file_offset_ = offset;
  file_length_ = length;
  body_.clear();
}

std::uint64_t Response::content_length() const noexcept {
  return file_ ? file_length_ : body_.size();
}

bool Response::allows_body() const noexcept { return !status_has_no_body(status_code_); }

std::string_view Response::content_type() const& noexcept {
  const std::string_view header = headers_.get("Content-Type", "");
  return trim_whitespace(header.substr(0, header.find(';')));
}

void Response::set_content_type(std::string_view type) {
  if (type.empty()) {
    headers_.erase("Content-Type");
  } else if (mime_type_has_charset(type.substr(0, type.find(';'))) &&
             type.find("charset=") == std::string_view::npos) {
    static constexpr std::string_view kCharset = "; charset=UTF-8";
    std::string with_charset;
    with_charset.reserve(type.size() + kCharset.size());
    with_charset.append(type).append(kCharset);
    headers_.set("Content-Type", std::move(with_charset));
  } else {
    headers_.set("Content-Type", type);
  }
}

std::string Response::charset() const {
  const HeaderValue value = parse_header_value(headers_.get("Content-Type", ""));
  const std::string* charset = value.find("charset");
  return charset == nullptr ? std::string() : *charset;
}

void Response::set_charset(std::string_view charset) {
  if (!charset.empty() && !is_http_token(charset)) {
    throw Error("'" + printable(charset) + "' is not the name of a charset.");
  }
  std::string type(content_type());
  if (type.empty()) throw Error("There is no content type yet that a charset could belong to.");
  if (!charset.empty()) type.append("; charset=").append(charset);
  headers_.set("Content-Type", type);
}

void Response::set_cookie(std::string_view name, std::string_view value,
                          const CookieOptions& options) {
  headers_.add("Set-Cookie", make_cookie(name, value, options));
}

void Response::delete_cookie(std::string_view name, std::string_view path,
                             std::string_view domain) {
  CookieOptions options;
  options.path = std::string(path);
  options.domain = std::string(domain);
  headers_.add("Set-Cookie", make_expired_cookie(name, std::move(options)));
}

std::size_t Response::unset_cookie(std::string_view name) {
  const std::string start = std::string(name) + '=';
  Headers kept;
  for (const auto& [field, value] : headers_) {
    if (!ascii_iequals(field, "Set-Cookie") || !value.starts_with(start)) kept.add(field, value);
  }
  const std::size_t removed = headers_.size() - kept.size();
  headers_ = std::move(kept);
  return removed;
}

void Response::prepare(std::string_view accept, std::string_view method) {
  if (!allows_body()) {
    body_.clear();
    file_.reset();
    headers_.erase("Content-Type");
    headers_.erase("Content-Length");
    return;
  }
  if (wants_error_page()) write_error_page(accept, method);
  headers_.set("Content-Length", std::to_string(content_length()));
}

void Response::write_error_page(std::string_view accept, std::string_view method) {
  detail::RenderedPage page = detail::render_error_page(
      *page_, {.status = status(), .location = location(), .accept = accept, .method = method});
  set_content_type(page.content_type);
  body_ = std::move(page.body);
}

}  // namespace aiopyr

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/clients/http/message/headers.h>
#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::http {

/// The parts of an answer's head.
struct HeadParts {
  int status = 0;
  std::string reason;
  std::string version;
  Headers headers;
  // Of the request.
  std::string url;
  std::string method;
  std::string server;
  std::string path;
  Duration elapsed{};
};

/// The head of an answer. A value, for any thread. Views and references are valid as long as it.
class ResponseHead {
 public:
  explicit ResponseHead(HeadParts parts) noexcept : parts_(std::move(parts)) {}

  [[nodiscard]] int status() const noexcept { return parts_.status; }
  /// Returns whether the status is 2xx.
  [[nodiscard]] bool is_success() const noexcept { return parts_.status / 100 == 2; }
  /// Returns the reason phrase; empty with HTTP/2.
  [[nodiscard]] const std::string& reason() const& noexcept { return parts_.reason; }
  [[nodiscard]] const Headers& headers() const& noexcept { return parts_.headers; }
  const Headers& headers() const&& = delete;
  /// Returns the first value of a header; nullopt where there is none.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const& noexcept {
    return parts_.headers.get(name);
  }
  std::optional<std::string_view> header(std::string_view name) const&& = delete;
  /// Returns the URL that answered, after redirects, without user and password.
  [[nodiscard]] const std::string& url() const& noexcept { return parts_.url; }
  /// Returns `HTTP/1.1`, `HTTP/2` and so on.
  [[nodiscard]] const std::string& version() const& noexcept { return parts_.version; }
  /// Returns the time from the call to the head of the answer.
  [[nodiscard]] Duration elapsed() const noexcept { return parts_.elapsed; }

  /// Throws StatusError where the status is 400 or more.
  void raise_for_status() const;

 private:
  HeadParts parts_;
};

/// An answer with its body. A value.
class Response : public ResponseHead {
 public:
  Response(HeadParts head, std::string body, Headers trailers) noexcept
      : ResponseHead(std::move(head)), body_(std::move(body)), trailers_(std::move(trailers)) {}

  /// Returns the body, decompressed.
  [[nodiscard]] const std::string& body() const& noexcept { return body_; }
  [[nodiscard]] std::string body() && noexcept { return std::move(body_); }
  /// Returns the body as it is: no charset is converted.
  [[nodiscard]] std::string_view text() const& noexcept { return body_; }
  std::string_view text() const&& = delete;
  /// Returns the fields behind a chunked body.
  [[nodiscard]] const Headers& trailers() const& noexcept { return trailers_; }

 private:
  std::string body_;
  Headers trailers_;
};

}  // namespace aiopyr::http

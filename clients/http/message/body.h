#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <aiopyr/clients/http/message/url.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::http {

/// The source of a request's body, a piece at a time. Used by one request at a time, on the
/// loop's thread; destroyed with the request. Its tasks are cancelled with it.
class BodySource {
 public:
  BodySource() = default;
  virtual ~BodySource() = default;
  BodySource(const BodySource&) = delete;
  BodySource& operator=(const BodySource&) = delete;

  /// Prepares to read from the beginning. Returns the length in bytes; nullopt where it is unknown:
  /// the body is sent in chunks then. An exception ends the request with it.
  virtual Task<std::optional<std::uint64_t>> open() = 0;
  /// Returns the next piece; nullopt at the end. An exception ends the request with it.
  virtual Task<std::optional<std::string>> next() = 0;
};

/// The body of a request, with its content type. A value; copies share a streamed source.
class Body {
 public:
  /// Makes none.
  Body() = default;
  /// Makes bytes without a content type.
  Body(std::string bytes);  // NOLINT(google-explicit-constructor)
  Body(const char* text);   // NOLINT(google-explicit-constructor)
  Body(std::string bytes, std::string content_type);
  /// Makes a streamed body. `open` gives a source; it is called again for another attempt or a
  /// redirect, unless `once`.
  Body(std::function<std::shared_ptr<BodySource>()> open, std::string content_type, bool once);

  [[nodiscard]] bool is_none() const noexcept { return kind_ == Kind::kNone; }
  [[nodiscard]] bool is_streamed() const noexcept { return kind_ == Kind::kStreamed; }
  /// Returns whether it can be sent a second time.
  [[nodiscard]] bool is_replayable() const noexcept { return !once_; }
  [[nodiscard]] const std::string& bytes() const& noexcept { return bytes_; }
  [[nodiscard]] const std::string& content_type() const& noexcept { return content_type_; }
  /// Returns a source. Requires: is_streamed().
  [[nodiscard]] std::shared_ptr<BodySource> source() const { return open_(); }

 private:
  enum class Kind : std::uint8_t { kNone, kBytes, kStreamed };
  Kind kind_ = Kind::kNone;
  bool once_ = false;
  std::string bytes_;
  std::string content_type_;
  std::function<std::shared_ptr<BodySource>()> open_;
};

/// Returns a JSON text as a body (`application/json`). <aiopyr/http_json.h> takes nlohmann's json.
[[nodiscard]] Body json_text(std::string text);

/// Returns a form as a body (`application/x-www-form-urlencoded`).
[[nodiscard]] Body form(const Pairs& fields);

/// Returns a body that `next` gives a piece at a time, nullopt at its end: a function that returns
/// a Task. It is sent once: no redirect that keeps the method, and no other attempt. `length` is
/// its size in bytes where that is known; the request fails where it turns out to be another.
///
/// A lambda that is a coroutine and captures is kept as long as the request.
[[nodiscard]] Body stream_body(std::function<Task<std::optional<std::string>>()> next,
                               std::string content_type = "application/octet-stream",
                               std::optional<std::uint64_t> length = std::nullopt);

}  // namespace aiopyr::http

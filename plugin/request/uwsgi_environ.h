#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <aiopyr/plugin/failures/failure.h>
#include <aiopyr/plugin/request/uwsgi_websocket.h>
#include <aiopyr/plugin/server/variable_index.h>
#include <aiopyr/runtime/web/request/environ.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// A request as uWSGI has parsed it: the variables stay in uWSGI's buffer, and the body is read
/// through uWSGI, which knows the socket's protocol.
class UwsgiEnviron final : public Environ {
 public:
  explicit UwsgiEnviron(wsgi_request& request) noexcept : request_(request), variables_(request) {}

  [[nodiscard]] std::string_view get(std::string_view name) const override;
  void for_each(const std::function<void(std::string_view, std::string_view)>& f) const override;
  std::string_view read_body(std::size_t limit) override;
  void set_timeout(double seconds) override;
  [[nodiscard]] std::string metrics_text() const override;
  NativeWebsocket* native_websocket() override;
  bool report_exception(std::string_view where, const std::exception_ptr& error) noexcept override;

  /// Returns the exception that was reported last; null if there was none.
  [[nodiscard]] const Failure* failure() const noexcept { return failure_.get(); }

  [[nodiscard]] wsgi_request& uwsgi_request() const noexcept { return request_; }

  /// Returns whether the client may still be sending a body that has not been read.
  [[nodiscard]] bool has_unread_body() const noexcept;
  /// Returns whether the bytes after a chunked body could not be kept for the connection's next
  /// request.
  [[nodiscard]] bool has_lost_input() const noexcept { return lost_input_; }

 private:
  std::string read_sized_body(std::size_t limit);
  std::string read_chunked_body(std::size_t limit);
  std::size_t read_raw(std::span<char> buffer);
  [[nodiscard]] bool is_chunked() const;
  void invite_body();
  void put_back(std::string_view input) noexcept;

  wsgi_request& request_;
  mutable VariableIndex variables_;
  std::optional<std::string> body_;
  bool body_failed_ = false;
  bool lost_input_ = false;
  std::unique_ptr<UwsgiWebsocket> websocket_;
  std::unique_ptr<Failure> failure_;
};

}  // namespace aiopyr::plugin

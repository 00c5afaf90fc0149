#pragma once

#include <string_view>

#include <aiopyr/runtime/async/tasks/task_context.h>

namespace aiopyr {

class Request;

namespace detail {

/// Makes `request` the context of this fiber's tasks, until it is destroyed. On the request's
/// fiber. `request` has to outlive it.
class RequestContext final : public TaskContext {
 public:
  explicit RequestContext(Request& request);
  ~RequestContext() override;
  RequestContext(const RequestContext&) = delete;
  RequestContext& operator=(const RequestContext&) = delete;

  /// Returns Request::id(): the client's, or one made now.
  [[nodiscard]] std::string_view request_id() override;
  /// Returns the client's header if it is valid (W3C Trace Context, section 3.2).
  [[nodiscard]] std::string_view traceparent() override;
  /// Returns the client's header if there is a valid traceparent.
  [[nodiscard]] std::string_view tracestate() override;

 private:
  Request& request_;
};

/// Returns whether `text` is a `traceparent` that may be passed on: `00-`, 32 and 16 hexadecimal
/// digits that are not all zeros, and two more for flags. Of later versions, the part that version
/// 00 knows has to be right.
[[nodiscard]] bool is_traceparent(std::string_view text) noexcept;

}  // namespace detail
}  // namespace aiopyr

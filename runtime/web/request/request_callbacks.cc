#include <list>
#include <utility>

#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr {
namespace {

template <typename Callback>
Callback pop_front(std::list<Callback>& callbacks) {
  Callback callback = std::move(callbacks.front());
  callbacks.pop_front();
  return callback;
}

}  // namespace

Response& Request::response() {
  if (!response_) response_.emplace();
  return *response_;
}

std::optional<Response> Request::exchange_response(std::optional<Response> response) {
  return std::exchange(response_, std::move(response));
}

const Response* Request::wrapped_response() const noexcept {
  return wrapped_response_ ? &*wrapped_response_ : nullptr;
}

void Request::set_wrapped_response(Response response) { wrapped_response_ = std::move(response); }

void Request::add_response_callback(ResponseCallback callback) {
  response_callbacks_.push_back(std::move(callback));
}

void Request::add_finished_callback(FinishedCallback callback) {
  finished_callbacks_.push_back(std::move(callback));
}

void Request::run_response_callbacks(Response& response) {
  while (!response_callbacks_.empty()) pop_front(response_callbacks_)(*this, response);
}

void Request::run_finished_callbacks() {
  std::exception_ptr first;
  while (!finished_callbacks_.empty()) {
    try {
      pop_front(finished_callbacks_)(*this);
    } catch (...) {
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace aiopyr

#include <memory>
#include <utility>
#include <variant>

#include <aiopyr/runtime/async/executor/executor_call.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

namespace aiopyr {

namespace {

/// Reads the body, which waits for the client. A body that does not arrive or is too long ends the
/// request, except for an exception view, which may be the one that answers it.
void read_body_for_view(Request& request) {
  try {
    static_cast<void>(request.body());
  } catch (const HttpException&) {
    if (!request.exception()) throw;
  }
}

/// Remembers whether a view needs large bodies to be parsed before it begins, since code on the
/// loop cannot wait for a thread. Once a view has answered one without its contents, no more are
/// parsed for it until it asks for some.
class LargeBodyHabit {
 public:
  void prepare(Request& request) const {
    if (!request.exception() && habit_ != Habit::kIgnores) request.parse_large_body();
  }
  /// Learns from a request that the view has answered. A refusal shows nothing, unless the view has
  /// asked for the contents.
  void note(const Request& request, bool is_refused) noexcept {
    if (!request.has_large_body()) return;
    if (request.was_asked_for_content()) {
      habit_ = Habit::kAsks;
    } else if (habit_ == Habit::kUnknown && !is_refused) {
      habit_ = Habit::kIgnores;
    }
  }

 private:
  enum class Habit { kUnknown, kAsks, kIgnores };
  Habit habit_ = Habit::kUnknown;
};

bool is_refusal(const ViewResult& result) {
  constexpr int kLeastError = 400;
  const auto* const response = std::get_if<Response>(&result);
  return response != nullptr && response->status_code() >= kLeastError;
}

MappedView on_loop(ViewCallable view) {
  return [view = std::move(view), habit = std::make_shared<LargeBodyHabit>()](Resource* context,
                                                                              Request& request) {
    read_body_for_view(request);
    habit->prepare(request);
    try {
      ViewResult result = view.on_loop(context, request);
      habit->note(request, is_refusal(result));
      return result;
    } catch (...) {
      habit->note(request, true);
      throw;
    }
  };
}

MappedView in_executor(ViewCallable view) {
  return [view = std::move(view)](Resource* context, Request& request) {
    read_body_for_view(request);
    return detail::call_in_executor([&] { return view.plain(context, request); });
  };
}

/// Leaves a body that the client waits to be asked for to the view, which may refuse it before it
/// is sent.
MappedView on_fiber(ViewCallable view) {
  return [view = std::move(view)](Resource* context, Request& request) {
    if (!request.expects_continue()) read_body_for_view(request);
    return view.plain(context, request);
  };
}

/// Refuses views of another layer, which have mappers of their own.
void require_request_view(const ViewCallable& view, const ViewMapper& mapper) {
  if (view.kind != ViewKind::kOther) return;
  throw ConfigurationError(view.name + " does not take a request, as " + mapper.name() +
                           " gives it: set the view's mapper to one that is made for it, such as "
                           "WebsocketMapper");
}

}  // namespace

MappedView CoroutineOrExecutorMapper::map(ViewCallable view) const {
  require_request_view(view, *this);
  const bool is_coroutine = view.kind == ViewKind::kCoroutine;
  return is_coroutine ? on_loop(std::move(view)) : in_executor(std::move(view));
}

MappedView CoroutineMapper::map(ViewCallable view) const {
  require_request_view(view, *this);
  if (view.kind != ViewKind::kCoroutine) {
    throw ConfigurationError("Non-coroutine " + view.name + " mapped to coroutine.");
  }
  return on_loop(std::move(view));
}

MappedView ExecutorMapper::map(ViewCallable view) const {
  require_request_view(view, *this);
  if (view.kind == ViewKind::kCoroutine) {
    throw ConfigurationError("Coroutine " + view.name + " mapped to executor.");
  }
  return in_executor(std::move(view));
}

MappedView FiberMapper::map(ViewCallable view) const {
  require_request_view(view, *this);
  if (view.kind == ViewKind::kCoroutine) {
    throw ConfigurationError("Coroutine " + view.name + " mapped to fiber.");
  }
  return on_fiber(std::move(view));
}

}  // namespace aiopyr

#include <iterator>
#include <utility>

#include <aiopyr/runtime/web/dispatch/view_lookup.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr {

namespace {

Resource& no_context() {
  static Resource context;
  return context;
}

/// Returns the class of an exception that is a std::exception.
const std::type_info* class_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& exception) {
    return &typeid(exception);
  } catch (...) {
    return nullptr;
  }
}

/// The parts of a request that an exception view may change, restored unless the view has answered.
class ExceptionScope {
 public:
  ExceptionScope(Request& request, const std::exception_ptr& error)
      : request_(request),
        previous_(request.exception()),
        response_(request.exchange_response(std::nullopt)) {
    request.set_exception(error);
  }
  ~ExceptionScope() {
    request_.exchange_response(std::move(response_));
    if (!is_handled_) request_.set_exception(previous_);
  }
  ExceptionScope(const ExceptionScope&) = delete;
  ExceptionScope& operator=(const ExceptionScope&) = delete;

  void set_handled() noexcept { is_handled_ = true; }

 private:
  Request& request_;
  std::exception_ptr previous_;
  std::optional<Response> response_;
  bool is_handled_ = false;
};

}  // namespace

detail::FoundViews detail::find_views(const Resource& context, const Request& request,
                                      std::string_view name) {
  const ViewTable& views = request.registry().views;
  FoundViews found;
  if (const Route* route = request.route()) {
    views.find(route->name, name, typeid(context), found);
    if (route->use_global_views) views.find({}, name, typeid(context), found);
  } else {
    views.find({}, name, typeid(context), found);
  }
  return found;
}

Response detail::call_views(const FoundViews& views, Resource& context, Request& request) {
  for (auto view = views.begin();; ++view) {
    try {
      return (**view)(&context, request);
    } catch (const PredicateMismatch&) {
      if (std::next(view) == views.end()) throw;
    }
  }
}

std::optional<Response> render_view_to_response(Resource* context, Request& request,
                                                std::string_view name) {
  if (context == nullptr) context = &no_context();
  detail::FoundViews found;
  request.registry().views.find({}, name, typeid(*context), found);
  if (found.empty()) return std::nullopt;
  return detail::call_views(found, *context, request);
}

std::optional<std::string> render_view(Resource* context, Request& request, std::string_view name) {
  auto response = render_view_to_response(context, request, name);
  if (!response) return std::nullopt;
  return response->take_body();
}

std::optional<Response> invoke_exception_view(Request& request, const std::exception_ptr& error) {
  const std::type_info* type = class_of(error);
  if (type == nullptr) return std::nullopt;
  const ViewTable& views = request.registry().exception_views;
  detail::FoundViews found;
  if (request.route() != nullptr) views.find(request.route()->name, {}, *type, found);
  views.find({}, {}, *type, found);
  if (found.empty()) return std::nullopt;
  ExceptionScope scope(request, error);
  Resource* context = request.context() != nullptr ? request.context() : &no_context();
  try {
    std::optional<Response> response = detail::call_views(found, *context, request);
    scope.set_handled();
    return response;
  } catch (const HTTPNotFound&) {
    return std::nullopt;
  }
}

}  // namespace aiopyr

#include <iostream>
#include <utility>

#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/views/view_arguments.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

namespace aiopyr {

namespace {

void log_to_stderr(LogLevel, std::string_view message) {
  // Writes the line in one piece, as other threads write there too.
  std::cerr << "[aiopyr] " + std::string(message) + '\n';
}

/// Pyramid's default_exceptionresponse_view: an HTTP exception is its own response. It is
/// registered for the class HttpException, so a view for std::exception does not get them.
View default_exception_view() {
  View view;
  view.callable_name = "default_exceptionresponse_view";
  view.call = [](Resource*, Request& request) -> Response {
    return *detail::exception_cast<const HttpException>(request.exception());
  };
  return view;
}

}  // namespace

Registry::Registry(Settings app_settings, std::string app_folder)
    : settings(complete_settings(std::move(app_settings))),
      view_mapper(CoroutineOrExecutorMapper()),
      // Pyramid's DefaultRootFactory: an object without children, the same for all requests.
      root_factory([root = std::make_shared<Resource>()](Request&) { return root; }),
      app_folder_(std::move(app_folder)),
      logger_(log_to_stderr) {
  exception_views.add({{}, {}, context_type<HttpException>()}, default_exception_view());
}

const std::string& Registry::app_folder() const {
  const auto setting = settings.find("app_folder");
  return setting == settings.end() ? app_folder_ : setting->second;
}

}  // namespace aiopyr

// Three tweens around every request of the app, each with a little typical work.
#include <chrono>
#include <memory>

#include "bench.h"

namespace bench {

using namespace aiopyr;

namespace tweens {

struct Figures {
  std::uint64_t requests = 0;
  std::uint64_t failures = 0;
  std::chrono::steady_clock::duration time{};
};

auto counting(std::shared_ptr<Figures> figures) {
  return [figures](Handler handler, Registry&) -> Handler {
    return [figures, handler = std::move(handler)](Request& request) {
      Response response = handler(request);
      ++figures->requests;
      if (response.status_code() >= 500) ++figures->failures;
      return response;
    };
  };
}

auto timing(std::shared_ptr<Figures> figures) {
  return [figures](Handler handler, Registry&) -> Handler {
    return [figures, handler = std::move(handler)](Request& request) {
      const auto begin = std::chrono::steady_clock::now();
      Response response = handler(request);
      figures->time += std::chrono::steady_clock::now() - begin;
      return response;
    };
  };
}

/// Tells browsers not to interpret JSON as another type.
Handler nosniff(Handler handler, Registry&) {
  return [handler = std::move(handler)](Request& request) {
    Response response = handler(request);
    if (response.content_type() == "application/json")
      response.headers().set("X-Content-Type-Options", "nosniff");
    return response;
  };
}

}  // namespace tweens

void include_tweens(Configurator& config) {
  auto figures = std::make_shared<tweens::Figures>();
  config.add_tween(tweens::counting(figures), {.name = "bench.counting"});
  config.add_tween(tweens::timing(figures), {.name = "bench.timing"});
  config.add_tween(tweens::nosniff);
}

}  // namespace bench

// An app whose views end their worker, each in its own way, and one view that works.
#include <csignal>
#include <cstdlib>
#include <string>

#include <aiopyr/aiopyr.h>

namespace {

using namespace aiopyr;

Task<std::string> fine(Request&) { co_return "fine"; }

Task<std::string> segmentation_fault(Request& request) {
  co_await sleep(request.params().get<double>("sleep", 0));
  std::raise(SIGSEGV);
  co_return "never";
}

// Runs in a thread of the executor, as a plain view.
std::string abort_in_thread(Request&) { std::abort(); }

std::string recurse(const std::string& text) {  // NOLINT(misc-no-recursion)
  volatile char frame[1024] = {};
  frame[text.size() % sizeof frame] = 'x';
  return recurse(text + frame[0]) + text;
}

// Overflows the stack on a FiberMapper: hits the guard page below the fiber's stack.
std::string overflow(Request& request) { return recurse(std::string(request.method())); }

Task<> echo(Websocket& ws) {
  while (auto message = co_await ws.recv()) co_await ws.send(*message);
}

void app(Configurator& config) {
  config.add_route("fine", "/fine");
  config.add_view(fine, {.route_name = "fine", .renderer = "string"});
  config.add_route("segfault", "/segfault");
  config.add_view(segmentation_fault, {.route_name = "segfault", .renderer = "string"});
  config.add_route("abort", "/abort");
  config.add_view(abort_in_thread, {.route_name = "abort", .renderer = "string"});
  config.add_route("overflow", "/overflow");
  config.add_view(overflow,
                  {.route_name = "overflow", .renderer = "string", .mapper = FiberMapper{}});
  config.add_route("echo", "/echo");
  config.add_view(echo, {.route_name = "echo", .mapper = WebsocketMapper{}});
}

}  // namespace

AIOPYR_APP(app);

#include <array>
#include <string_view>
#include <utility>

#include <aiopyr/clients/base/client_call.h>
#include <aiopyr/clients/http/client.h>
#include <aiopyr/clients/http/core.h>
#include <aiopyr/clients/http/stream_state.h>
#include <aiopyr/runtime/async/tasks/task_context.h>

namespace aiopyr::http {

namespace {

/// Returns the method as a name of the metrics, which has to live for ever.
std::string_view operation_of(std::string_view method) noexcept {
  constexpr std::array<std::string_view, 7> kKnown = {"GET",   "HEAD",   "POST",   "PUT",
                                                      "PATCH", "DELETE", "OPTIONS"};
  for (const std::string_view known : kKnown) {
    if (method == known) return known;
  }
  return "other";
}

HeadParts take_head(Running& running) {
  HeadParts head = std::move(running.exchange->transfer().head());
  ClientError::Context context = running.request.context();
  head.url = running.request.url->text();
  head.server = std::move(context.server);
  head.method = running.request.method;
  head.path = running.request.url->path();
  return head;
}

/// Runs a request and counts it.
Task<std::unique_ptr<Running>> run_counted(std::shared_ptr<Core> core, std::string method,
                                           std::string url, RequestOptions options,
                                           bool is_streamed) {
  TaskContext* const context = co_await task_context();
  clients::ClientCall call(core->figures(), "http", operation_of(method), context);
  try {
    auto running = std::make_unique<Running>(
        Running{core,
                make_request(core->options(), core->urls(), std::move(method), url,
                             std::move(options), context),
                context, nullptr});
    running->request.is_answer_streamed = is_streamed;
    co_await Core::run(running.get());
    call.end(metrics::Outcome::kOk);
    co_return running;
  } catch (...) {
    call.end(clients::outcome_of(std::current_exception()));
    throw;
  }
}

Task<Response> ask(std::shared_ptr<Core> core, std::string method, std::string url,
                   RequestOptions options) {
  auto task =
      run_counted(std::move(core), std::move(method), std::move(url), std::move(options), false);
  const std::unique_ptr<Running> running = co_await std::move(task);
  Transfer& transfer = running->exchange->transfer();
  std::string body = transfer.take_body();
  co_return Response(take_head(*running), std::move(body), std::move(transfer.trailers()));
}

Task<Stream> ask_streamed(std::shared_ptr<Core> core, std::string method, std::string url,
                          RequestOptions options) {
  auto task =
      run_counted(std::move(core), std::move(method), std::move(url), std::move(options), true);
  std::unique_ptr<Running> running = co_await std::move(task);
  HeadParts head = take_head(*running);
  co_return Stream(std::move(head), std::make_shared<StreamState>(std::move(running)));
}

RequestOptions with_body(RequestOptions options, Body body) {
  options.body = std::move(body);
  return options;
}

}  // namespace

Client::Client(ClientOptions options) : core_(std::make_shared<Core>(std::move(options))) {}

Task<Response> Client::request(std::string method, std::string url, RequestOptions options) const {
  return ask(core_, std::move(method), std::move(url), std::move(options));
}

Task<Response> Client::get(std::string url, RequestOptions options) const {
  return ask(core_, "GET", std::move(url), std::move(options));
}

Task<Response> Client::head(std::string url, RequestOptions options) const {
  return ask(core_, "HEAD", std::move(url), std::move(options));
}

Task<Response> Client::options(std::string url, RequestOptions options) const {
  return ask(core_, "OPTIONS", std::move(url), std::move(options));
}

Task<Response> Client::delete_(std::string url, RequestOptions options) const {
  return ask(core_, "DELETE", std::move(url), std::move(options));
}

Task<Response> Client::post(std::string url, Body body, RequestOptions options) const {
  return ask(core_, "POST", std::move(url), with_body(std::move(options), std::move(body)));
}

Task<Response> Client::put(std::string url, Body body, RequestOptions options) const {
  return ask(core_, "PUT", std::move(url), with_body(std::move(options), std::move(body)));
}

Task<Response> Client::patch(std::string url, Body body, RequestOptions options) const {
  return ask(core_, "PATCH", std::move(url), with_body(std::move(options), std::move(body)));
}

Task<Stream> Client::stream(std::string method, std::string url, RequestOptions options) const {
  return ask_streamed(core_, std::move(method), std::move(url), std::move(options));
}

}  // namespace aiopyr::http

#include <algorithm>
#include <utility>

#include <aiopyr/clients/base/backoff.h>
#include <aiopyr/clients/http/cookie_jar.h>
#include <aiopyr/clients/http/core.h>
#include <aiopyr/clients/http/engine/failure.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/async/waits/sleep.h>

namespace aiopyr::http {

namespace {

/// Returns how long `limit` may still last, begun at `since`, before the deadline ends it.
Seconds remaining(Seconds limit, TimePoint since, const std::optional<TimePoint>& deadline) {
  const TimePoint now = Loop::current()->now();
  Duration left = Seconds::longest();
  if (limit.duration() > Duration::zero()) left = since + limit.duration() - now;
  if (deadline) left = std::min(left, *deadline - now);
  return std::max(left, Duration::zero());
}

/// Throws where a wait ended at its limit; says which limit it was.
[[noreturn]] void throw_late(const Request& request, Phase phase, const std::string& problem) {
  const bool at_deadline = request.deadline && Loop::current()->now() >= *request.deadline;
  const Phase reached = at_deadline ? request.deadline_phase : phase;
  throw RequestTimeoutError(request.context(),
                            problem + " (" + std::string(phase_name(reached)) + " timeout)",
                            Retry::kSafe, reached);
}

bool is_early_loss(const std::exception_ptr& error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (const ConnectError&) {
    return true;
  } catch (const ConnectionLostError&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

Core::Core(ClientOptions options)
    : options_(std::move(options)),
      figures_(metrics::client_figures().client("http", options_.name)),
      multi_(std::make_shared<Multi>(options_.limits, figures_)),
      places_(options_.limits, figures_),
      names_(options_.keep_names),
      proxies_(options_) {}

Task<> Core::run(Running* running) {
  const Core& core = *running->core;
  Request& request = running->request;
  for (std::size_t redirects = 0;; ++redirects) {
    co_await run_hop(running);
    if (!request.follows_redirects) co_return;
    const ClientError::Context context = request.context();
    const bool goes_on = redirect(core.options_, request, running->exchange->transfer().head());
    if (!goes_on) co_return;
    running->exchange.reset();
    if (redirects >= core.options_.max_redirects) {
      throw TooManyRedirectsError(
          context, "more than " + std::to_string(core.options_.max_redirects) + " redirects",
          Retry::kUseless);
    }
  }
}

/// Asks, several times where that is safe.
Task<> Core::run_hop(Running* running) {
  clients::Backoff backoff;
  for (std::size_t attempts = 0;; ++attempts) {
    std::exception_ptr error = co_await attempt(running);
    if (error == nullptr) co_return;
    const bool goes_on =
        attempts < running->request.retries && running->core->may_retry(*running, error);
    running->exchange.reset();
    if (!goes_on) std::rethrow_exception(error);
    const TimePoint now = Loop::current()->now();
    backoff.failed(now, clients::random_chance());
    const Duration pause = *backoff.until() - now;
    const auto deadline = running->request.deadline;
    if (deadline && now + pause >= *deadline) std::rethrow_exception(error);
    co_await sleep(pause);
  }
}

bool Core::may_retry(const Running& running, const std::exception_ptr& error) const {
  const Request& request = running.request;
  if (!is_idempotent(request.method) || request.body.is_streamed()) return false;
  const bool has_answer = running.exchange && running.exchange->has_answer();
  return !has_answer && is_early_loss(error);
}

Task<std::exception_ptr> Core::attempt(Running* running) {
  std::exception_ptr error;
  try {
    co_await connect_and_ask(running);
  } catch (const CancelledError&) {
    throw;
  } catch (...) {
    error = std::current_exception();
  }
  co_return error;
}

void Core::check_guard(const Request& request) const {
  const Guard& guard = request.guard;
  if (!guard.is_on()) return;
  if (!guard.allows_port(request.url->port())) {
    throw ForbiddenUrlError(request.context(), "the port is not allowed");
  }
}

Task<> Core::connect_and_ask(Running* running) {
  Core& core = *running->core;
  Request& request = running->request;
  core.check_guard(request);
  if (request.deadline && Loop::current()->now() >= *request.deadline) {
    throw_late(request, request.deadline_phase, "no time was left to ask");
  }
  co_await acquire(running);
  Plan plan = core.make_plan(*running);
  co_await find_addresses(running, &plan);
  Exchange& exchange = *running->exchange;
  if (request.body.is_streamed()) {
    auto opening = exchange.open_body();
    plan.upload_length = co_await std::move(opening);
  }
  exchange.start(core.multi_, std::move(plan));
  co_await await_answer(running);
}

Task<> Core::acquire(Running* running) {
  Core& core = *running->core;
  Request& request = running->request;
  const std::string& origin = request.url->origin();
  if (auto place = core.places_.try_take(origin)) {
    running->exchange = std::make_unique<Exchange>(std::move(*place), request);
    co_return;
  }
  if (core.places_.is_queue_full()) {
    throw PoolExhaustedError(request.context(), "too many requests wait for a connection");
  }
  const TimePoint now = Loop::current()->now();
  const Seconds limit = remaining(request.timeouts.acquire, now, request.deadline);
  auto waiting = wait_for(core.places_.take(origin), limit);
  bool is_late = false;
  Places::Place place;
  try {
    place = co_await std::move(waiting);
  } catch (const TimeoutError&) {
    is_late = true;
  }
  if (is_late) {
    const bool at_deadline = request.deadline && Loop::current()->now() >= *request.deadline;
    const std::string problem = "no connection became free in time";
    if (at_deadline) throw_late(request, Phase::kAcquire, problem);
    throw PoolExhaustedError(request.context(),
                             problem + ": all are in use (limits, acquire timeout)");
  }
  running->exchange = std::make_unique<Exchange>(std::move(place), request);
}

Task<> Core::find_addresses(Running* running, Plan* plan) {
  Core& core = *running->core;
  const Request& request = running->request;
  const Url& url = *request.url;
  const Proxy* const proxy = request.guard.is_on() ? nullptr : core.proxies_.find(url);
  if (proxy != nullptr) {
    plan->proxy = {.url = proxy->url, .credentials = proxy->credentials};
    const auto addresses = co_await look_up(running, proxy->host, proxy->port);
    plan->pins = pin_name(proxy->host, proxy->port, addresses);
    co_return;
  }
  if (!core.options_.unix_socket.empty() && !request.guard.is_on()) co_return;
  const auto addresses = co_await look_up(running, url.host(), url.port());
  for (const clients::Address& address : addresses) {
    if (request.guard.allows_address(address.get())) continue;
    throw ForbiddenUrlError(request.context(), "the host has an address that is not public");
  }
  Pins pins = pin(addresses, url.port());
  plan->connect_to = std::move(pins.connect_to);
  plan->pins = std::move(pins.pins);
}

Task<std::vector<clients::Address>> Core::look_up(Running* running, std::string host,
                                                  std::uint16_t port) {
  Core& core = *running->core;
  const Request& request = running->request;
  if (const auto* const known = core.names_.find(host, port)) co_return *known;
  const Seconds limit =
      remaining(request.timeouts.connect, Loop::current()->now(), request.deadline);
  auto asked = core.names_.look_up(std::move(host), port, limit);
  std::string problem;
  bool is_late = false;
  std::vector<clients::Address> addresses;
  try {
    addresses = co_await std::move(asked);
  } catch (const TimeoutError& error) {
    is_late = true;
    problem = error.what();
  } catch (const Error& error) {
    problem = error.what();
  }
  if (problem.empty()) co_return addresses;
  core.figures_.connect_failures.add();
  if (is_late) throw_late(request, Phase::kConnect, problem);
  throw ConnectError(request.context(), problem);
}

Plan Core::make_plan(const Running& running) const {
  const Request& request = running.request;
  const bool sends_bytes = !request.body.is_none() && !request.body.is_streamed();
  Plan plan;
  plan.client = &options_;
  plan.url = request.url;
  plan.guard = &request.guard;
  plan.method = request.method;
  plan.header_lines = header_lines(options_, request, running.context);
  if (sends_bytes || sends_empty(request)) plan.bytes = &request.body.bytes();
  plan.is_upload_streamed = request.body.is_streamed();
  plan.timeouts = request.timeouts;
  plan.deadline = request.deadline;
  plan.deadline_phase = request.deadline_phase;
  plan.asked = request.asked;
  plan.begun = Loop::current()->now();
  plan.is_answer_streamed = request.is_answer_streamed;
  plan.max_body = request.max_body;
  if (options_.cookies) plan.cookies = options_.cookies->handle();
  return plan;
}

Task<> Core::await_answer(Running* running) {
  Transfer& transfer = running->exchange->transfer();
  const bool until_head = running->request.is_answer_streamed;
  while (!transfer.is_done() && !(until_head && transfer.has_head())) {
    co_await transfer.changed().wait();
  }
  if (transfer.has_head()) {
    if (transfer.head().version == "HTTP/2") running->exchange->place().set_shared();
  }
  if (transfer.error() && !(until_head && transfer.has_head())) {
    std::rethrow_exception(transfer.error());
  }
}

}  // namespace aiopyr::http

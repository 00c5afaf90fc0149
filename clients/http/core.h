#pragma once

#include <exception>
#include <memory>
#include <string>

#include <aiopyr/clients/http/engine/names.h>
#include <aiopyr/clients/http/engine/places.h>
#include <aiopyr/clients/http/exchange.h>
#include <aiopyr/clients/http/proxy.h>
#include <aiopyr/clients/http/request.h>
#include <aiopyr/runtime/base/client_figures.h>

namespace aiopyr::http {

class Core;

/// A request while it runs, with the hop that runs now. The hop is destroyed before the request.
struct Running {
  std::shared_ptr<Core> core;
  Request request;
  TaskContext* context;  // may be null
  std::unique_ptr<Exchange> exchange;
};

/// The part that the copies of a client share.
class Core {
 public:
  explicit Core(ClientOptions options);

  [[nodiscard]] const ClientOptions& options() const noexcept { return options_; }
  [[nodiscard]] Urls& urls() noexcept { return urls_; }
  [[nodiscard]] metrics::ClientFigures& figures() noexcept { return figures_; }

  /// Runs a request, through attempts and redirects, until its answer is complete, or until its
  /// head is there where it is streamed. Throws what went wrong.
  static Task<> run(Running* running);

 private:
  static Task<> run_hop(Running* running);
  static Task<std::exception_ptr> attempt(Running* running);
  static Task<> connect_and_ask(Running* running);
  static Task<> acquire(Running* running);
  static Task<> find_addresses(Running* running, Plan* plan);
  static Task<std::vector<clients::Address>> look_up(Running* running, std::string host,
                                                     std::uint16_t port);
  static Task<> await_answer(Running* running);

  [[nodiscard]] Plan make_plan(const Running& running) const;
  [[nodiscard]] bool may_retry(const Running& running, const std::exception_ptr& error) const;
  void check_guard(const Request& request) const;

  ClientOptions options_;
  metrics::ClientFigures& figures_;
  std::shared_ptr<Multi> multi_;
  Places places_;
  Urls urls_;
  Names names_;
  Proxies proxies_;
};

}  // namespace aiopyr::http

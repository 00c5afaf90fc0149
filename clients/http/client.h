#pragma once

#include <memory>
#include <string>

#include <aiopyr/clients/http/message/errors.h>
#include <aiopyr/clients/http/message/options.h>
#include <aiopyr/clients/http/message/response.h>
#include <aiopyr/clients/http/stream.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::http {

class Core;

/// An HTTP client with a pool of connections, on the loop of its thread:
///
///     http::Client client;
///     http::Response response = co_await client.get("https://example.com/");
///     response.raise_for_status();
///
/// Make one for each worker, after the fork, and keep it: each has connections of its own. Needs a
/// loop (ScopeError otherwise). Copies share the pool. Requests that run keep the pool alive, so a
/// client may be destroyed before them.
///
/// Each function returns a task that continues in the root context. Destroying the task at any wait
/// ends the request at once, and no other request notices. Tasks throw the errors of
/// message/errors.h; a status of 400 or more is no error before raise_for_status().
class Client {
 public:
  /// Throws ScopeError without a loop, and ConfigurationError for options that cannot work.
  explicit Client(ClientOptions options = {});

  [[nodiscard]] Task<Response> request(std::string method, std::string url,
                                       RequestOptions options = {}) const;

  [[nodiscard]] Task<Response> get(std::string url, RequestOptions options = {}) const;
  [[nodiscard]] Task<Response> head(std::string url, RequestOptions options = {}) const;
  [[nodiscard]] Task<Response> options(std::string url, RequestOptions options = {}) const;
  // `delete` is a keyword. NOLINTNEXTLINE(readability-identifier-naming)
  [[nodiscard]] Task<Response> delete_(std::string url, RequestOptions options = {}) const;
  // With a body: bytes, json_text(), form(), multipart() or stream_body().
  [[nodiscard]] Task<Response> post(std::string url, Body body, RequestOptions options = {}) const;
  [[nodiscard]] Task<Response> put(std::string url, Body body, RequestOptions options = {}) const;
  [[nodiscard]] Task<Response> patch(std::string url, Body body, RequestOptions options = {}) const;

  /// Asks, and returns once the head of the answer is there. The body is read from the stream:
  ///
  ///     http::Stream stream = co_await client.stream("GET", url);
  ///     while (auto piece = co_await stream.read()) ...
  [[nodiscard]] Task<Stream> stream(std::string method, std::string url,
                                    RequestOptions options = {}) const;

 private:
  std::shared_ptr<Core> core_;
};

}  // namespace aiopyr::http

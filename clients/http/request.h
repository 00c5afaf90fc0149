#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <aiopyr/clients/http/engine/transfer.h>
#include <aiopyr/clients/http/message/options.h>
#include <aiopyr/clients/http/message/url.h>

namespace aiopyr {
class TaskContext;
}

namespace aiopyr::http {

/// A request with everything that the client's options and the call's say of it. Changes from one
/// redirect to the next.
struct Request {
  Request(std::string its_method, std::shared_ptr<const Url> its_url)
      : method(std::move(its_method)), url(std::move(its_url)) {}

  std::string method;
  std::shared_ptr<const Url> url;
  Headers headers;
  Body body;
  Timeouts timeouts;
  Guard guard;
  bool follows_redirects = false;
  std::size_t max_body = 0;
  std::size_t retries = 0;
  bool is_answer_streamed = false;
  TimePoint asked{};
  std::optional<TimePoint> deadline;
  Phase deadline_phase = Phase::kTotal;

  [[nodiscard]] ClientError::Context context() const;
};

/// Puts a request together. Throws InvalidRequestError for what cannot be sent.
[[nodiscard]] Request make_request(const ClientOptions& client, Urls& urls, std::string method,
                                   const std::string& url, RequestOptions options,
                                   TaskContext* context);

/// Returns whether the request says that its length is 0: a POST without a body does (RFC 9110
/// section 8.6).
[[nodiscard]] bool sends_empty(const Request& request) noexcept;

/// Returns the lines of the head for the next hop, with what is passed on of `context` (may be
/// null).
[[nodiscard]] std::vector<std::string> header_lines(const ClientOptions& client,
                                                    const Request& request, TaskContext* context);

/// Turns `request` into the one that follows an answer, by the rules of the Fetch standard and RFC
/// 9110 section 15.4: 301 and 302 make a GET of a POST, 303 of all but HEAD, without the body; what
/// is secret is dropped where scheme, host or port differ. Returns false where the answer is no
/// redirect. Throws InvalidRequestError where it must not be followed.
bool redirect(const ClientOptions& client, Request& request, const HeadParts& answer);

}  // namespace aiopyr::http

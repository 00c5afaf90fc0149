#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <aiopyr/clients/http/request.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/tasks/task_context.h>
#include <aiopyr/runtime/text/ascii.h>

namespace aiopyr::http {

namespace {

// The client writes these itself: another value would let the server read another message.
constexpr std::array<std::string_view, 5> kOwnHeaders = {"Content-Length", "Transfer-Encoding",
                                                         "Connection", "TE", "Upgrade"};

bool is_control(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

void require_sendable(const Request& request) {
  if (!is_http_token(request.method) || request.method == "CONNECT") {
    throw InvalidRequestError("the method cannot be sent: '" + printable(request.method) + "'");
  }
  for (const std::string_view name : kOwnHeaders) {
    if (request.headers.contains(name)) {
      throw InvalidRequestError(request.context(), "the header " + std::string(name) +
                                                       " is the client's own: leave it out");
    }
  }
  const std::string& type = request.body.content_type();
  if (std::any_of(type.begin(), type.end(), is_control)) {
    throw InvalidRequestError(request.context(),
                              "the content type of the body has a control character, such as a "
                              "line's end");
  }
  if (request.method == "HEAD" && !request.body.is_none()) {
    throw InvalidRequestError(request.context(), "a HEAD has no body");
  }
}

/// Adds the client's headers that the request does not have.
void add_missing(Headers& headers, const Headers& defaults) {
  const Headers own = headers;
  for (const auto& [name, value] : defaults) {
    if (!own.contains(name)) headers.add_received(name, value);
  }
}

void set_deadline(Request& request, TaskContext* context) {
  if (request.timeouts.total.duration() > Duration::zero()) {
    request.deadline = request.asked + request.timeouts.total.duration();
  }
  if (context == nullptr || !context->deadline) return;
  if (!request.deadline || *context->deadline < *request.deadline) {
    request.deadline = context->deadline;
    request.deadline_phase = Phase::kDeadline;
  }
}

std::string join_url(const ClientOptions& client, const std::string& url) {
  if (client.base_url.empty() || !url.starts_with('/')) return url;
  const bool ends_in_slash = client.base_url.ends_with('/');
  return client.base_url.substr(0, client.base_url.size() - (ends_in_slash ? 1 : 0)) + url;
}

std::shared_ptr<const Url> read_url(Urls& urls, const std::string& text, const Pairs& query) {
  if (query.empty()) return urls.parse(text);
  Url url = Url::parse(text);
  url.add_query(query);
  return std::make_shared<const Url>(std::move(url));
}

bool passes_on(const ClientOptions& client, const Request& request) {
  if (request.guard.is_on()) return false;
  const auto& hosts = client.pass_on.hosts;
  return client.pass_on.to_all ||
         std::find(hosts.begin(), hosts.end(), request.url->host()) != hosts.end();
}

/// Writes lines as libcurl takes them, in which `Name;` is a header without a value.
class Lines {
 public:
  void add(std::string_view name, std::string_view value) {
    std::string line;
    line.reserve(name.size() + value.size() + 2);
    line.append(name).append(value.empty() ? ";" : ": ").append(value);
    lines_.push_back(std::move(line));
  }
  void add_missing(const Headers& headers, std::string_view name, std::string_view value) {
    if (!value.empty() && !headers.contains(name)) add(name, value);
  }
  void leave_out(std::string_view name) { lines_.push_back(std::string(name) + ":"); }
  std::vector<std::string> take() && { return std::move(lines_); }

 private:
  std::vector<std::string> lines_;
};

/// Returns a value of the context that may be sent: it comes from a client of ours.
std::string_view checked(std::string_view value) noexcept {
  const bool is_clean =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return is_clean ? value : std::string_view();
}

void drop_body(Request& request) {
  request.body = Body();
  for (const char* const name :
       {"Content-Type", "Content-Encoding", "Content-Language", "Content-Location"}) {
    request.headers.remove(name);
  }
}

void drop_secrets(const ClientOptions& client, Headers& headers) {
  for (const char* const name : {"Authorization", "Cookie", "Proxy-Authorization", "Host"}) {
    headers.remove(name);
  }
  for (const std::string& name : client.secret_headers) headers.remove(name);
}

bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

ClientError::Context Request::context() const {
  return {.client = "http", .server = url->origin(), .operation = method + " " + url->path()};
}

bool sends_empty(const Request& request) noexcept {
  const std::string& method = request.method;
  return request.body.is_none() && (method == "POST" || method == "PUT" || method == "PATCH");
}

Request make_request(const ClientOptions& client, Urls& urls, std::string method,
                     const std::string& url, RequestOptions options, TaskContext* context) {
  Request request(std::move(method), read_url(urls, join_url(client, url), options.query));
  request.headers = std::move(options.headers);
  request.body = std::move(options.body);
  request.timeouts = options.timeouts.value_or(client.timeouts);
  request.guard = options.guard.value_or(client.guard);
  request.follows_redirects = options.follow_redirects.value_or(client.follow_redirects);
  request.max_body = options.max_body.value_or(client.max_body);
  request.retries = options.retries.value_or(client.retries);
  request.asked = Loop::require("http::Client").now();
  add_missing(request.headers, client.headers);
  require_sendable(request);
  set_deadline(request, context);
  return request;
}

std::vector<std::string> header_lines(const ClientOptions& client, const Request& request,
                                      TaskContext* context) {
  Lines lines;
  const Headers& headers = request.headers;
  for (const auto& [name, value] : headers) lines.add(name, value);
  lines.add_missing(headers, "User-Agent", "aiopyr-http");
  lines.add_missing(headers, "Authorization", request.url->authorization());
  const std::string& type = request.body.content_type();
  lines.add_missing(headers, "Content-Type", type);
  const bool may_send = !request.body.is_none() || sends_empty(request);
  // libcurl would add a type of its own to a body, and wait for a 100 before a large one.
  if (may_send && type.empty() && !headers.contains("Content-Type")) {
    lines.leave_out("Content-Type");
  }
  if (may_send && !headers.contains("Expect")) lines.leave_out("Expect");
  if (context != nullptr && passes_on(client, request)) {
    lines.add_missing(headers, "X-Request-ID", checked(context->request_id()));
    const std::string_view trace = checked(context->traceparent());
    lines.add_missing(headers, "traceparent", trace);
    if (!headers.contains("traceparent") && !trace.empty()) {
      lines.add_missing(headers, "tracestate", checked(context->tracestate()));
    }
  }
  return std::move(lines).take();
}

bool redirect(const ClientOptions& client, Request& request, const HeadParts& answer) {
  const auto location = answer.headers.get("Location");
  if (!is_redirect(answer.status) || !location) return false;
  Url next = request.url->resolve(std::string(*location));
  if (request.url->is_https() && !next.is_https() && !client.allow_downgrade) {
    throw InvalidRequestError(
        request.context(),
        "the redirect to " + next.origin() + " leaves https: set allow_downgrade to follow it");
  }
  const bool makes_get = (answer.status == 303 && request.method != "HEAD") ||
                         (answer.status <= 302 && request.method == "POST");
  if (makes_get) {
    request.method = "GET";
    drop_body(request);
  } else if (!request.body.is_replayable()) {
    throw InvalidRequestError(request.context(),
                              "the redirect wants the body again, which was streamed");
  }
  if (next.origin() != request.url->origin()) drop_secrets(client, request.headers);
  request.url = std::make_shared<const Url>(std::move(next));
  return true;
}

}  // namespace aiopyr::http

// A program that uses http::Client while one system call after another fails:
//
//   http_faults BASE [CA_FILE [UNIX_SOCKET]]
//
// BASE is a URL whose server answers each request with its method and path, `/big` with many b's.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/clients/faults/fault_loop.h"
#include <aiopyr/http_client.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>

using namespace aiopyr;

namespace {

class HttpSubject final : public faults::Subject {
 public:
  explicit HttpSubject(const http::ClientOptions& options) : client_(options) {}

  Task<void> use() override {
    auto first = attempt(get("/first"));
    co_await std::move(first);
    // On the connection that is kept, and one more.
    std::vector<Task<void>> both;
    for (int i = 0; i < 2; ++i) both.push_back(attempt(get("/" + std::to_string(i))));
    auto all = gather(std::move(both));
    co_await std::move(all);
    auto posting = attempt(post());
    co_await std::move(posting);
    auto streaming = attempt(stream());
    co_await std::move(streaming);
  }

  Task<void> ask() override { return get("/well"); }
  Task<void> close() override { return nothing(); }

 private:
  /// Closes nothing: a client has no close of its own, it is destroyed.
  static Task<void> nothing() { co_return; }

  Task<void> get(std::string path) {
    auto asking = client_.get(path);
    const http::Response response = co_await std::move(asking);
    faults::require(response.body() == "GET " + path, path + " gives " + response.body());
  }

  Task<void> post() {
    const std::string sent(2'000, 'p');
    auto asking = client_.post("/post", http::Body(sent, "text/plain"));
    const http::Response response = co_await std::move(asking);
    faults::require(response.body() == "POST /post", "/post gives " + response.body());
  }

  Task<void> stream() {
    auto asking = client_.stream("GET", "/big");
    http::Stream stream = co_await std::move(asking);
    std::size_t size = 0;
    for (;;) {
      auto reading = stream.read();
      const std::optional<std::string> piece = co_await std::move(reading);
      if (!piece) break;
      size += piece->size();
      faults::require(std::all_of(piece->begin(), piece->end(), [](char c) { return c == 'b'; }),
                      "a piece of /big");
    }
    faults::require(size == 3000, "/big has " + std::to_string(size) + " bytes");
  }

  http::Client client_;
};

/// Returns whether libcurl gives up a connection of HTTP/2 on which it cannot write at once: as it
/// begins, and before 8.1 later too. Its small frames have room in any socket's buffer.
bool ends_http2(std::string_view way) { return way == "write EINTR" || way == "write EAGAIN"; }

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 2;
  EvLoop loop;
  http::ClientOptions options;
  options.base_url = arguments[1];
  options.keep_names = 0;
  if (count > 2) options.ca_file = arguments[2];
  if (count > 3) options.unix_socket = arguments[3];
  const bool is_http2 = options.base_url.starts_with("https");
  return faults::fail_each_call(
      [&] { return std::make_unique<HttpSubject>(options); },
      {.may_be_noticed = [&](auto way) { return is_http2 && ends_http2(way); }});
}

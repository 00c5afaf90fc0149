// A program that asks HTTP servers from a loop of its own, for the tests of the client. Its only
// argument is a JSON object that says what; it writes a JSON object for each request, one a line:
//
//   {"urls": [...], "times": 1, "parallel": 1, "method": "GET", "body": "", "cancel": 0, "stream":
//   false,
//    "pause": 0, "options": {"ca_file": "", "version": "1", "retries": 0, "guard": false, ...}}
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include <aiopyr/async.h>
#include <aiopyr/http_json.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>

namespace {

using namespace aiopyr;
using nlohmann::json;

http::ClientOptions read_options(const json& given) {
  http::ClientOptions options;
  options.ca_file = given.value("ca_file", "");
  options.client_cert_file = given.value("client_cert_file", "");
  options.client_key_file = given.value("client_key_file", "");
  options.verify_tls = given.value("verify_tls", true);
  options.retries = given.value("retries", 0);
  options.follow_redirects = given.value("follow_redirects", false);
  options.unix_socket = given.value("unix_socket", "");
  options.proxy = given.value("proxy", "");
  options.limits.connections = given.value("connections", 100);
  options.timeouts.read = given.value("read", 5.0);
  options.timeouts.connect = given.value("connect", 5.0);
  if (given.value("guard", false)) options.guard = http::public_only({});
  const std::string version = given.value("version", "");
  if (version == "1") options.version = http::Version::kHttp1;
  if (version == "2 directly") options.version = http::Version::kHttp2Directly;
  return options;
}

/// Returns an error with its kind.
json describe_error() {
  try {
    throw;
  } catch (const ConnectError& error) {
    return {{"error", "connect"}, {"says", error.what()}};
  } catch (const ConnectionLostError& error) {
    return {{"error", "lost"}, {"says", error.what()}};
  } catch (const http::RequestTimeoutError& error) {
    return {{"error", http::phase_name(error.phase())}, {"says", error.what()}};
  } catch (const http::ForbiddenUrlError& error) {
    return {{"error", "forbidden"}, {"says", error.what()}};
  } catch (const std::exception& error) {
    return {{"error", "other"}, {"says", error.what()}};
  }
}

struct Run {
  json what;
  http::Client client;
  std::size_t next = 0;
  std::size_t cancelled = 0;
};

Task<json> ask_whole(Run* run, std::string url) {
  http::RequestOptions options;
  const std::string body = run->what.value("body", "");
  if (!body.empty()) options.body = http::Body(body, "text/plain");
  auto asking = run->client.request(run->what.value("method", "GET"), url, std::move(options));
  const http::Response response = co_await std::move(asking);
  co_return json{{"url", url},
                 {"status", response.status()},
                 {"version", response.version()},
                 {"size", response.body().size()},
                 {"body", response.body().substr(0, 1000)}};
}

Task<json> ask_streamed(Run* run, std::string url) {
  auto asking = run->client.stream(run->what.value("method", "GET"), url);
  http::Stream stream = co_await std::move(asking);
  std::size_t size = 0;
  for (;;) {
    auto reading = stream.read();
    const auto piece = co_await std::move(reading);
    if (!piece) break;
    size += piece->size();
  }
  co_return json{
      {"url", url}, {"status", stream.status()}, {"version", stream.version()}, {"size", size}};
}

/// Asks, and gives up at a random moment where that is wanted.
Task<json> ask(Run* run, std::string url) {
  const bool is_streamed = run->what.value("stream", false);
  auto asking = is_streamed ? ask_streamed(run, url) : ask_whole(run, url);
  const double patience = run->what.value("cancel", 0.0);
  json result;
  try {
    if (patience > 0) {
      const double share = static_cast<double>(std::rand()) / RAND_MAX;
      auto limited = wait_for(std::move(asking), patience * share);
      result = co_await std::move(limited);
    } else {
      result = co_await std::move(asking);
    }
  } catch (const TimeoutError&) {
    result = {{"error", "cancelled"}};
  } catch (...) {
    result = describe_error();
  }
  result["asked"] = url;
  co_return result;
}

Task<> work(Run* run) {
  const json& urls = run->what["urls"];
  const std::size_t count = urls.size() * run->what.value("times", std::size_t{1});
  while (run->next < count) {
    const std::string url = urls[run->next++ % urls.size()];
    auto asking = ask(run, url);
    const json result = co_await std::move(asking);
    std::cout << result.dump() << std::endl;
    const double pause = run->what.value("pause", 0.0);
    if (pause > 0) co_await aiopyr::sleep(pause);
  }
}

Task<> work_all(Run* run) {
  std::vector<Task<>> workers;
  const auto count = run->what.value("parallel", std::size_t{1});
  for (std::size_t i = 0; i < count; ++i) workers.push_back(work(run));
  auto all = gather(std::move(workers));
  co_await std::move(all);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const json what = json::parse(argv[1]);
  EvLoop loop;
  Run run{what, http::Client(read_options(what.value("options", json::object())))};
  run_until_complete(work_all(&run));
  return 0;
}

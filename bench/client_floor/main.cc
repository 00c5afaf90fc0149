// The floor of the clients: the least that a server on one epoll can do for TechEmpower's tests of
// databases, for a GET of Redis and for a request to another server, with the libraries as they
// are.
//
//     client_floor PORT TEST SERVER [--connections N] [--key KEY] [--header LINE]...
//
// TEST is db, queries, fortunes, updates, redis or fetch; it answers every path. SERVER is
// PostgreSQL's URL or connection string, the path of Redis' Unix socket, or an HTTP URL. The
// headers are those of each answer beside Content-Length.
#include <charconv>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "fetch_backend.h"
#include "http_server.h"
#include "postgres_backend.h"
#include "redis_backend.h"

namespace {

using namespace client_floor;

struct Options {
  int port = 0;
  std::string test{};
  std::string server{};
  std::size_t connections = 4;
  std::string key = "bench";
  std::string headers{};
};

template <class Number>
Number parse(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1)
    throw std::invalid_argument("not a number from 1 on: " + std::string(text));
  return number;
}

Options parse_options(int count, char** arguments) {
  if (count < 4 || count % 2 != 0)
    throw std::invalid_argument("usage: client_floor PORT TEST SERVER [--option VALUE]...");
  Options options{.port = parse<int>(arguments[1]), .test = arguments[2], .server = arguments[3]};
  for (int i = 4; i < count; i += 2) {
    const std::string_view name = arguments[i];
    const std::string_view value = arguments[i + 1];
    if (name == "--connections") {
      options.connections = parse<std::size_t>(value);
    } else if (name == "--key") {
      options.key = value;
    } else if (name == "--header") {
      (options.headers += value) += "\r\n";
    } else {
      throw std::invalid_argument("unknown option " + std::string(name));
    }
  }
  return options;
}

std::unique_ptr<Backend> make_backend(const Options& options, Loop& loop, HttpServer& server) {
  using Test = PostgresBackend::Test;
  static const std::map<std::string_view, Test> kTests{{"db", Test::kDb},
                                                       {"queries", Test::kQueries},
                                                       {"fortunes", Test::kFortunes},
                                                       {"updates", Test::kUpdates}};
  if (options.test == "redis")
    return std::make_unique<RedisBackend>(loop, server, options.server, options.key);
  if (options.test == "fetch") return std::make_unique<FetchBackend>(loop, server, options.server);
  const auto test = kTests.find(options.test);
  if (test == kTests.end()) throw std::invalid_argument("unknown test " + options.test);
  return std::make_unique<PostgresBackend>(loop, server, test->second, options.server,
                                           options.connections);
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const Options options = parse_options(count, arguments);
    Loop loop;
    HttpServer server(loop, options.port, options.headers);
    const std::unique_ptr<Backend> backend = make_backend(options, loop, server);
    server.run(*backend);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "client_floor: %s\n", error.what());
    return 1;
  }
}

#include <memory>
#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/http_server.h"

namespace aiopyr::plugin {
namespace {

using testing::Client;
using testing::HttpServer;

TEST_CASE("A connection that is handed over loses nothing, and is watched no more") {
  HttpServer server;
  auto [connection, client] = server.make_connection();
  std::unique_ptr<Transport> stream;
  std::string leftover;
  carry_out(ending::HandedOver{[&](std::unique_ptr<Transport> given, std::string behind) {
                                 stream = std::move(given);
                                 leftover = std::move(behind);
                               },
                               "behind"},
            std::move(connection), server.connections);
  REQUIRE(stream != nullptr);
  CHECK(leftover == "behind");
  CHECK(server.loop.watch_count() == 0);
  CHECK_FALSE(client.is_closed());
  stream = nullptr;
  CHECK(client.is_closed());
}

TEST_CASE("A connection that nobody can take over is closed, and the loop hears of it") {
  HttpServer server;
  auto [connection, client] = server.make_connection();
  carry_out(ending::HandedOver{[](std::unique_ptr<Transport>, const std::string&) {
                                 throw std::runtime_error("no");
                               },
                               {}},
            std::move(connection), server.connections);
  REQUIRE(server.log.size() == 1);
  CHECK(server.log.front().find("no") != std::string::npos);
  CHECK(client.is_closed());
}

TEST_CASE("A connection that is closed in order tells the client first, and waits for it") {
  HttpServer server;
  auto [connection, client] = server.make_connection();
  client.send("what nobody reads");
  carry_out(ending::InOrder{}, std::move(connection), server.connections);
  server.turns();
  CHECK(client.is_closed());
  CHECK(server.loop.watch_count() == 1);
  client.vanish();
  server.turns();
  CHECK(server.loop.watch_count() == 0);
}

TEST_CASE("A connection that is lent is not closed with what is known of it") {
  HttpServer server;
  auto [connection, client] = server.make_connection();
  const int fd = connection->stream().fd();
  connection->stream().lend();
  connection = nullptr;
  CHECK_FALSE(client.is_closed());
  ::close(fd);
  CHECK(client.is_closed());
}

}  // namespace
}  // namespace aiopyr::plugin

#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/plugin/response/persistence.h>

namespace aiopyr::plugin {
namespace {

/// Returns terms under which a connection is kept.
ConnectionTerms willing() {
  return {.version = "HTTP/1.1",
          .connection = "",
          .asks_for_upgrade = false,
          .server_closes = false,
          .may_go_on = true,
          .is_intact = true};
}

Response response_of(const std::string& body) {
  Response response(body);
  response.headers().set("Content-Length", std::to_string(body.size()));
  return response;
}

Persistence of(const ConnectionTerms& terms) {
  return persistence_of(terms, response_of("hello"), false);
}

TEST_CASE("A connection of HTTP/1.1 is kept without a word") {
  const Persistence persistence = of(willing());
  CHECK(persistence.keep);
  CHECK(persistence.connection.empty());
}

TEST_CASE("A connection of HTTP/1.0 is kept where its client asks for that, and told so") {
  ConnectionTerms terms = willing();
  terms.version = "HTTP/1.0";
  CHECK_FALSE(of(terms).keep);
  CHECK(of(terms).connection == "close");
  for (const char* asked : {"keep-alive", "Keep-Alive", "te, keep-alive"}) {
    terms.connection = asked;
    CHECK(of(terms).keep);
    CHECK(of(terms).connection == "keep-alive");
  }
  for (const char* asked : {"keep-alives", "close, keep-alive", "keep-alive, close"}) {
    terms.connection = asked;
    CHECK_FALSE(of(terms).keep);
  }
}

TEST_CASE("A response that names a protocol to upgrade to says so in Connection") {
  Response response = response_of("hello");
  response.headers().set("Upgrade", "websocket");
  CHECK(persistence_of(willing(), response, false).connection == "Upgrade");
  CHECK(unsaid(response).connection == "Upgrade");
  CHECK(unsaid(response_of("hello")).connection.empty());
  response.set_status(426);
  CHECK(persistence_of(willing(), response, false).connection == "Upgrade, close");
  response.headers().set("Connection", "Upgrade");
  CHECK(persistence_of(willing(), response, false).connection == "close");
  response.headers().set("Connection", "close, upgrade");
  CHECK(persistence_of(willing(), response, false).connection.empty());
  response.headers().set("Connection", "close");
  CHECK(persistence_of(willing(), response, false).connection == "Upgrade");
  CHECK_FALSE(persistence_of(willing(), response, false).keep);
}

TEST_CASE("A client that closes gets its wish, and sends nothing that would surprise") {
  for (const char* asked : {"close", "Close", "keep-alive, close", "te,close"}) {
    ConnectionTerms terms = willing();
    terms.connection = asked;
    const Persistence persistence = of(terms);
    CHECK_FALSE(persistence.keep);
    CHECK_FALSE(persistence.surprises);
    CHECK(persistence.connection == "close");
  }
}

TEST_CASE("A connection ends where the server or what is around a response wants that") {
  for (bool ConnectionTerms::*const refusal :
       {&ConnectionTerms::may_go_on, &ConnectionTerms::is_intact}) {
    ConnectionTerms terms = willing();
    terms.*refusal = false;
    const Persistence persistence = of(terms);
    CHECK_FALSE(persistence.keep);
    CHECK(persistence.surprises);
    CHECK(persistence.connection == "close");
  }
}

TEST_CASE("Behind an upgrade that is refused nothing is served") {
  ConnectionTerms terms = willing();
  terms.asks_for_upgrade = true;
  CHECK_FALSE(of(terms).keep);
  CHECK(of(terms).surprises);
  CHECK(of(terms).connection == "close");

  Response response = response_of("another protocol, please");
  response.set_status(426);
  CHECK_FALSE(persistence_of(willing(), response, false).keep);
}

TEST_CASE("Connection: close is not said twice") {
  ConnectionTerms terms = willing();
  terms.server_closes = true;
  CHECK_FALSE(of(terms).keep);
  CHECK(of(terms).connection.empty());

  Response response = response_of("hello");
  response.headers().set("Connection", "Close");
  const Persistence persistence = persistence_of(willing(), response, false);
  CHECK_FALSE(persistence.keep);
  CHECK(persistence.surprises);
  CHECK(persistence.connection.empty());
}

TEST_CASE("A response that does not end where it says ends the connection") {
  Response longer = response_of("hello");
  longer.headers().set("Content-Length", "4");
  CHECK_FALSE(persistence_of(willing(), longer, false).keep);
  CHECK(persistence_of(willing(), longer, true).keep);  // no body follows for HEAD

  Response unsaid = response_of("hello");
  unsaid.headers().erase("Content-Length");
  CHECK_FALSE(persistence_of(willing(), unsaid, false).keep);
  CHECK_FALSE(persistence_of(willing(), unsaid, true).keep);

  Response coded = response_of("hello");
  coded.headers().set("Transfer-Encoding", "chunked");
  CHECK_FALSE(persistence_of(willing(), coded, false).keep);
}

TEST_CASE("A status without a body needs no length, and must have no body") {
  for (const int status : {204, 304}) {
    Response empty("");
    empty.set_status(status);
    empty.headers().erase("Content-Length");
    CHECK(persistence_of(willing(), empty, false).keep);
    Response body("hello");
    body.set_status(status);
    CHECK_FALSE(persistence_of(willing(), body, false).keep);
  }
}

}  // namespace
}  // namespace aiopyr::plugin

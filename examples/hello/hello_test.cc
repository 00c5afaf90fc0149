// The tests of the smallest app: requests through all of it, in this process.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <aiopyr/testing.h>

using aiopyr::testing::hosted_app;
using aiopyr::testing::TestClient;

TEST_CASE("the front page greets") {
  TestClient client(hosted_app());
  const auto page = client.get("/");
  CHECK(page.code() == 200);
  CHECK(page.content_type() == "text/plain");
  CHECK(page.text() == "Welcome to Pyramid with coroutines.");
}

TEST_CASE("an hour of sleep takes no time") {
  TestClient client(hosted_app());
  CHECK(client.get("/", {.params = {{"sleep", "3600"}}}).code() == 200);
}

TEST_CASE("what is no number is a bad request") {
  TestClient client(hosted_app());
  CHECK(client.get("/?sleep=long").code() == 400);
}

#include <cstdlib>
#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/clients/postgres/connection/settings.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;
using postgres::Settings;

namespace {

std::string refusal(const std::string& address) {
  try {
    static_cast<void>(Settings::parse(address));
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return "";
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A URL and libpq's keywords say the same", "[postgres_settings]") {
  for (const std::string address :
       {"postgresql://me:secret@db.example:6000/"
        "app?pool_size=3&query_timeout=2s&application_name=x",
        "host=db.example port=6000 user=me password='secret' dbname=app pool_size=3 "
        "query_timeout=2s application_name = x"}) {
    const Settings settings = Settings::parse(address);
    REQUIRE(settings.hosts.size() == 1);
    CHECK(settings.hosts[0].name == "db.example");
    CHECK(settings.hosts[0].port == 6000);
    CHECK(settings.pool.size == 3);
    CHECK(settings.query_timeout == std::chrono::seconds(2));
    CHECK(settings.parameters.at("user") == "me");
    CHECK(settings.parameters.at("password") == "secret");
    CHECK(settings.parameters.at("dbname") == "app");
    CHECK(settings.parameters.at("application_name") == "x");
    CHECK(settings.parameters.at("options") == "-c statement_timeout=2000");
    CHECK(settings.shown == "db.example:6000/app");
    CHECK(settings.name == "app");
  }
}

TEST_CASE("A server elsewhere has to prove its name, unless the URL says otherwise",
          "[postgres_settings]") {
  CHECK(Settings::parse("postgresql://db.example/app").parameters.at("sslmode") == "verify-full");
  CHECK(Settings::parse("postgresql://10.0.0.1/app").parameters.at("sslmode") == "verify-full");
  CHECK(Settings::parse("postgresql://127.db/app").parameters.at("sslmode") == "verify-full");
  for (const char* here : {"postgresql://localhost/app", "postgresql://127.0.0.1/app",
                           "postgresql://[::1]/app", "postgresql:///app?host=/run/postgresql"}) {
    CHECK(!Settings::parse(here).parameters.contains("sslmode"));
  }
  CHECK(Settings::parse("postgresql://db.example/app?sslmode=require").parameters.at("sslmode") ==
        "require");
  CHECK(Settings::parse("postgresql://localhost,db.example/app").parameters.contains("sslmode"));
}

TEST_CASE("What is wrong with an address is said without its secrets", "[postgres_settings]") {
  CHECK(
      holds(refusal("postgresql://me:geheim@h/app?pool_sise=3"), "unknown parameter 'pool_sise'"));
  CHECK(!holds(refusal("postgresql://me:geheim@h/app?pool_sise=3"), "geheim"));
  CHECK(holds(refusal("postgresql://h/app?pgbouncer=session"), "pgbouncer=transaction"));
  CHECK(holds(refusal("postgresql://h/app?pool_size=0"), "pool_size"));
  CHECK(holds(refusal("postgresql://h/app?pipeline=0"), "pipeline=0"));
  CHECK(holds(refusal("service=mine"), "service"));
  CHECK(holds(refusal("host='open"), "quote"));
  CHECK(holds(refusal("nothing"), "keyword=value"));
  CHECK(holds(refusal("host=a,b port=1,2,3"), "number of ports"));
  CHECK(holds(refusal("host=a port=70000"), "70000"));
}

TEST_CASE("Several hosts have a port each, or one for all", "[postgres_settings]") {
  const Settings two = Settings::parse("postgresql://a:1,b:2/app?target_session_attrs=primary");
  REQUIRE(two.hosts.size() == 2);
  CHECK(two.hosts[1].name == "b");
  CHECK(two.hosts[1].port == 2);
  const Settings one = Settings::parse("host=a,b,/run/pg port=7");
  REQUIRE(one.hosts.size() == 3);
  CHECK(one.hosts[0].port == 7);
  CHECK(one.hosts[2].is_unix());
}

TEST_CASE("pgbouncer's transaction mode prepares nothing and sets nothing", "[postgres_settings]") {
  const Settings settings = Settings::parse("postgresql://localhost/app?pgbouncer=transaction");
  CHECK(settings.statement_cache == 0);
  CHECK(!settings.parameters.contains("options"));
}

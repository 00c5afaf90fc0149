#include <catch2/catch.hpp>

#include <aiopyr/plugin/server/socket_traits.h>

namespace aiopyr::plugin {
namespace {

TEST_CASE("Sockets that clients speak HTTP to read heads strictly and wait for them") {
  for (const char* protocol : {"http", "http11", "https"}) {
    const SocketTraits traits = traits_of_protocol(protocol);
    CHECK(traits.protocol == protocol);
    CHECK(traits.is_http);
    CHECK(traits.awaits_bodies);
    CHECK(traits.passes_http);
    CHECK(traits.can_be_taken);
  }
  CHECK(traits_of_protocol("https").is_tls);
  CHECK_FALSE(traits_of_protocol("http").is_tls);
}

TEST_CASE("An answer can be given without a core where nothing has to be negotiated first") {
  CHECK(traits_of_protocol("http").takes_plain_answers);
  CHECK(traits_of_protocol("uwsgi").takes_plain_answers);
  CHECK_FALSE(traits_of_protocol("https").takes_plain_answers);
  CHECK_FALSE(traits_of_protocol("fastcgi").takes_plain_answers);
}

TEST_CASE("A proxy's uwsgi connection may wait for bodies, and be taken over") {
  const SocketTraits traits = traits_of_protocol("uwsgi");
  CHECK_FALSE(traits.is_http);
  CHECK(traits.awaits_bodies);
  CHECK(traits.can_be_taken);
}

TEST_CASE("Protocols that wrap what is written belong to whoever speaks them") {
  for (const char* protocol :
       {"fastcgi", "fastcgi-nph", "scgi", "scgi-nph", "uwsgi-persistent", "raw"}) {
    const SocketTraits traits = traits_of_protocol(protocol);
    CHECK_FALSE(traits.can_be_taken);
    CHECK_FALSE(traits.awaits_bodies);
    CHECK_FALSE(traits.passes_http);
  }
}

}  // namespace
}  // namespace aiopyr::plugin

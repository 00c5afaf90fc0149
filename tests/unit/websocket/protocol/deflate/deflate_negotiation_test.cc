#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include <aiopyr/websocket/protocol/deflate/deflate_negotiation.h>

namespace aiopyr::websocket {
namespace {

constexpr PermessageDeflate kLargest{.server_max_window_bits = 15, .client_max_window_bits = 15};

/// Returns the answer to the offers; "-" if all are declined.
std::string answer(std::string_view offers, const PermessageDeflate& options = kLargest) {
  const auto parsed = parse_extensions(offers);
  REQUIRE(parsed);
  const auto agreed = negotiate_deflate(*parsed, options);
  return agreed ? agreed->response : "-";
}

DeflateAgreement agree_on(std::string_view offers, const PermessageDeflate& options = kLargest) {
  const auto agreed = negotiate_deflate(*parse_extensions(offers), options);
  REQUIRE(agreed);
  return *agreed;
}

TEST_CASE("no offer of permessage-deflate means no compression") {
  for (const auto* offers : {"", "x-webkit-deflate-frame", "permessage-bzip2; a=1", "permessage"}) {
    CHECK(answer(offers) == "-");
  }
}

TEST_CASE("a plain offer is accepted with whole windows and context takeover") {
  CHECK(agree_on("permessage-deflate") == DeflateAgreement{.response = "permessage-deflate"});
}

TEST_CASE("a server's window that is offered is answered with it or a smaller one") {
  const std::string offer = "permessage-deflate; server_max_window_bits=";
  for (const auto* bits : {"8", "9", "10", "14", "15"}) CHECK(answer(offer + bits) == offer + bits);
  CHECK(answer(offer + "15", {.server_max_window_bits = 11}) == offer + "11");
  CHECK(answer(offer + "10", {.server_max_window_bits = 11}) == offer + "10");
}

TEST_CASE("a server's window of less than 15 bits is told unasked") {
  CHECK(answer("permessage-deflate", {.server_max_window_bits = 9}) ==
        "permessage-deflate; server_max_window_bits=9");
}

TEST_CASE("a client's window is told only to a client that has offered it") {
  const PermessageDeflate options{.server_max_window_bits = 15, .client_max_window_bits = 10};
  CHECK(answer("permessage-deflate", options) == "permessage-deflate");
  CHECK(agree_on("permessage-deflate", options).client_window_bits == 15);
  const std::string offer = "permessage-deflate; client_max_window_bits";
  CHECK(answer(offer, options) == offer + "=10");
  CHECK(answer(offer + "=15", options) == offer + "=10");
  CHECK(agree_on(offer + "=15", options).client_window_bits == 10);
  CHECK(answer(offer + "=8", options) == offer + "=8");
  CHECK(agree_on(offer + "=8", options).client_window_bits == 8);
  CHECK(answer(offer) == "permessage-deflate");
}

TEST_CASE("a client may ask for no context takeover on either side") {
  CHECK(agree_on("permessage-deflate; server_no_context_takeover").server_no_context_takeover);
  CHECK(agree_on("permessage-deflate; client_no_context_takeover").client_no_context_takeover);
  for (const auto* offer : {"permessage-deflate; server_no_context_takeover",
                            "permessage-deflate; client_no_context_takeover"}) {
    CHECK(answer(offer) == offer);
  }
}

TEST_CASE("no context takeover in the settings is told unasked") {
  CHECK(answer("permessage-deflate", {.server_max_window_bits = 15,
                                      .server_no_context_takeover = true,
                                      .client_no_context_takeover = true}) ==
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
}

TEST_CASE("quoted values count as values") {
  CHECK(answer(R"(permessage-deflate; server_max_window_bits="10")") ==
        "permessage-deflate; server_max_window_bits=10");
}

// Section 7.1: declines offers with undefined parameters, or with those of an answer.
TEST_CASE("an offer that is not valid is declined") {
  for (const auto* parameter : {"unknown",
                                "unknown=1",
                                "Server_no_context_takeover",
                                "server_no_context_takeover=1",
                                "client_no_context_takeover=true",
                                "server_no_context_takeover; server_no_context_takeover",
                                "server_max_window_bits",
                                "server_max_window_bits=7",
                                "server_max_window_bits=16",
                                "server_max_window_bits=08",
                                "server_max_window_bits=1",
                                "server_max_window_bits=100",
                                "server_max_window_bits=1x",
                                "server_max_window_bits=x",
                                "server_max_window_bits=-9",
                                "server_max_window_bits=9; server_max_window_bits=9",
                                "client_max_window_bits=7",
                                "client_max_window_bits=16",
                                "client_max_window_bits=09",
                                "client_max_window_bits; client_max_window_bits",
                                "client_max_window_bits; client_max_window_bits=9",
                                "client_max_window_bits=9; client_max_window_bits"}) {
    INFO(parameter);
    CHECK(answer(std::string("permessage-deflate; ") + parameter) == "-");
  }
}

TEST_CASE("the first offer that is valid is the one") {
  CHECK(answer("other, permessage-deflate; unknown, permessage-deflate; server_max_window_bits=9, "
               "permessage-deflate") == "permessage-deflate; server_max_window_bits=9");
}

TEST_CASE("settings that zlib does not have are named") {
  CHECK(find_mistake({}).empty());
  CHECK(find_mistake(kLargest).empty());
  CHECK(find_mistake({.server_max_window_bits = 8}) == "server_max_window_bits is not 9 to 15");
  CHECK(find_mistake({.client_max_window_bits = 16}) == "client_max_window_bits is not 9 to 15");
  CHECK(find_mistake({.level = -1}) == "level is not 0 to 9");
  CHECK(find_mistake({.level = 10}) == "level is not 0 to 9");
  CHECK(find_mistake({.mem_level = 0}) == "mem_level is not 1 to 9");
}

}  // namespace
}  // namespace aiopyr::websocket

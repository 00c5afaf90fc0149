#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/security/auth_ticket.h>

using namespace aiopyr;

namespace {

constexpr const char* kText = "userid_type:b64unicode";
constexpr const char* kSecret = "sosecret";

AuthTicket ticket_of(std::string userid, std::string ip = "0.0.0.0",
                     std::vector<std::string> tokens = {}, std::string user_data = kText) {
  return {std::move(userid), std::move(ip), std::move(tokens), std::move(user_data), 1400000000};
}

std::string md5_ticket(const AuthTicket& ticket, const char* secret = kSecret) {
  return ticket.cookie_value(secret, HashAlgorithm("md5"));
}

}  // namespace

TEST_CASE("a ticket is byte for byte the one that Pyramid writes") {
  CHECK(md5_ticket(ticket_of("Z2Vvcmdl")) ==
        "c3e0a84b2529db17ad30bcb96f50e88553724e00Z2Vvcmdl!userid_type:b64unicode");
  CHECK(ticket_of("Z2Vvcmdl").cookie_value(kSecret, HashAlgorithm("sha512")) ==
        "4a863c701bc034c0799aad317b90398b78249cdf62488dab06fa2c0019c62afe60168e332d8172b11ca973a19c"
        "8b9075622720e5c97793abbf6150aa0c2ea7a453724e00Z2Vvcmdl!userid_type:b64unicode");
  CHECK(ticket_of("Z2Vvcmdl").cookie_value(kSecret, HashAlgorithm("sha3_256")) ==
        "1d2063e588d3cb01f869d63873a8c1bcdd42cc87db6317f02ab7334cdffb81ac53724e00Z2Vvcmdl!"
        "userid_type:b64unicode");
  CHECK(md5_ticket(ticket_of("w6k="), "s\u00e9cret\u20ac") ==
        "28b1d2b72155a6f55441d683cf5bd9e453724e00w6k%3D!userid_type:b64unicode");
  CHECK(md5_ticket(ticket_of("/w==", "0.0.0.0", {}, "userid_type:b64str")) ==
        "594895eec4c38f880d4dfee707a0024353724e00/w%3D%3D!userid_type:b64str");
}

TEST_CASE("a ticket may be bound to an address of either kind") {
  CHECK(md5_ticket(ticket_of("Z2Vvcmdl", "192.0.2.200")) ==
        "771030260a52d5d8d4f0f56ad30b21a853724e00Z2Vvcmdl!userid_type:b64unicode");
  CHECK(md5_ticket(ticket_of("Z2Vvcmdl", "2001:db8::1")) ==
        "03c7da2264a39e6480b42de0bdbb467a53724e00Z2Vvcmdl!userid_type:b64unicode");
  for (const char* bad : {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.x", "1.2.3."}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(md5_ticket(ticket_of("Z2Vvcmdl", bad)), Error);
  }
}

TEST_CASE("tokens stand between the userid and the user data") {
  const std::string value =
      md5_ticket(ticket_of("42", "0.0.0.0", {"admin", "a+b_c-9"}, "userid_type:int"));
  CHECK(value == "85cc6b43e095ede9b3eee5c27253b94f53724e0042!admin,a+b_c-9!userid_type:int");
  const auto ticket = parse_ticket(kSecret, value, "0.0.0.0", HashAlgorithm("md5"));
  REQUIRE(ticket);
  CHECK(ticket->tokens == std::vector<std::string>{"admin", "a+b_c-9"});
  CHECK(ticket->userid == "42");
  CHECK(ticket->user_data == "userid_type:int");
  CHECK(ticket->time == 1400000000);
}

TEST_CASE("quotes around a ticket do not matter, and it need not have tokens") {
  const std::string value = md5_ticket(ticket_of("w6k="));
  const auto ticket = parse_ticket(kSecret, '"' + value + '"', "0.0.0.0", HashAlgorithm("md5"));
  REQUIRE(ticket);
  CHECK(ticket->userid == "w6k=");
  CHECK(ticket->tokens.empty());
}

TEST_CASE("a ticket of another secret, hash or address is none") {
  const std::string value = md5_ticket(ticket_of("Z2Vvcmdl", "192.0.2.200"));
  CHECK(parse_ticket(kSecret, value, "192.0.2.200", HashAlgorithm("md5")));
  CHECK_FALSE(parse_ticket("other", value, "192.0.2.200", HashAlgorithm("md5")));
  CHECK_FALSE(parse_ticket(kSecret, value, "192.0.2.201", HashAlgorithm("md5")));
  CHECK_FALSE(parse_ticket(kSecret, value, "", HashAlgorithm("md5")));
  CHECK_FALSE(parse_ticket(kSecret, value, "192.0.2.200", HashAlgorithm("sha512")));
}

TEST_CASE("a ticket that was cut or changed anywhere is none") {
  const HashAlgorithm hash("md5");
  const std::string value =
      md5_ticket(ticket_of("Z2Vvcmdl", "0.0.0.0", {"admin"}, "userid_type:b64unicode"));
  REQUIRE(parse_ticket(kSecret, value, "0.0.0.0", hash));
  for (std::size_t i = 0; i < value.size(); ++i) {
    CAPTURE(i);
    CHECK_FALSE(parse_ticket(kSecret, value.substr(0, i), "0.0.0.0", hash));
    std::string changed = value;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FALSE(parse_ticket(kSecret, changed, "0.0.0.0", hash));
  }
  CHECK_FALSE(parse_ticket(kSecret, value + "!", "0.0.0.0", hash));
}

TEST_CASE("a ticket longer than any cookie is not even looked at") {
  AuthTicket ticket = ticket_of(std::string(20000, 'a'));
  const std::string value = md5_ticket(ticket);
  CHECK_FALSE(parse_ticket(kSecret, value, "0.0.0.0", HashAlgorithm("md5")));
}

#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/security/verified_tickets.h>

namespace verified_tickets_test {

using aiopyr::AuthTktIdentity;
using aiopyr::UseridType;
using aiopyr::detail::VerifiedTickets;

namespace {

const AuthTktIdentity kGeorge{1234, "george", UseridType::kText, {"editor"}, "data"};

}  // namespace

TEST_CASE("a ticket that was verified is remembered with what it says") {
  VerifiedTickets tickets;
  tickets.add("a ticket", "0.0.0.0", kGeorge);
  const auto found = tickets.find("a ticket", "0.0.0.0");
  REQUIRE(found);
  CHECK(found->timestamp == 1234);
  CHECK(found->userid == "george");
  CHECK(found->tokens == kGeorge.tokens);
  CHECK(found->userdata == "data");
}

TEST_CASE("a ticket is remembered for the very same text and address only") {
  VerifiedTickets tickets;
  tickets.add("a ticket", "10.0.0.1", kGeorge);
  CHECK_FALSE(tickets.find("a tickeT", "10.0.0.1"));
  CHECK_FALSE(tickets.find("a ticket ", "10.0.0.1"));
  CHECK_FALSE(tickets.find("a ticket", "10.0.0.2"));
  CHECK_FALSE(tickets.find("", ""));
}

TEST_CASE("a bounded number of tickets is remembered, and no long one") {
  VerifiedTickets tickets;
  constexpr int kMany = 5000;
  for (int i = 0; i < kMany; ++i) tickets.add(std::to_string(i), "", kGeorge);
  int remembered = 0;
  for (int i = 0; i < kMany; ++i) remembered += tickets.find(std::to_string(i), "") ? 1 : 0;
  CHECK(remembered > 100);
  CHECK(remembered <= 512);
  CHECK(tickets.find(std::to_string(kMany - 1), ""));

  const std::string longest(1025, 'x');
  tickets.add(longest, "", kGeorge);
  CHECK_FALSE(tickets.find(longest, ""));
}

}  // namespace verified_tickets_test

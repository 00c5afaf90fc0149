#include <array>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/http/accept.h>

using namespace aiopyr;
using Offers = std::vector<std::string_view>;

namespace {

Offers accepted(std::string_view header) {
  static constexpr std::array<std::string_view, 2> kOffers{"text/html", "application/json"};
  return acceptable_offers(header, kOffers);
}

}  // namespace

TEST_CASE("no, an empty or a malformed Accept header takes everything", "[web][accept]") {
  const Offers all{"text/html", "application/json"};
  for (const std::string_view header : {"", "  ", "html", "text/", "*/json", "text/html;q=2",
                                        "text/html;q=0.1234", "text/html;q=x", "a/b c", "*/*"}) {
    CAPTURE(header);
    CHECK(accepted(header) == all);
  }
}

TEST_CASE("offers come in the client's order of quality", "[web][accept]") {
  CHECK(accepted("application/json, text/html;q=0.5") == Offers{"application/json", "text/html"});
  CHECK(accepted("text/html;q=0.1,application/json;q=0.11") ==
        Offers{"application/json", "text/html"});
  CHECK(accepted("application/json,text/html") == Offers{"text/html", "application/json"});
  CHECK(accepted("Application/JSON") == Offers{"application/json"});
}

TEST_CASE("parameters of a range are those of the offer", "[web][accept]") {
  static constexpr std::array<std::string_view, 3> kOffers{
      "application/json", "application/json;v=1", "Application/JSON; v=2;x=\"a b\""};
  const auto taken = [](std::string_view header) { return acceptable_offers(header, kOffers); };
  CHECK(taken("application/json;v=1") == Offers{kOffers[1]});
  CHECK(taken("application/json; V=1") == Offers{kOffers[1]});
  CHECK(taken("application/json;v=\"1\";q=0.1") == Offers{kOffers[1]});
  CHECK(taken("application/json;v=2;x=\"a b\"") == Offers{kOffers[2]});
  CHECK(taken("application/json;x=\"a b\";v=2").empty());
  CHECK(taken("application/json;v=3").empty());
  CHECK(taken("application/json") == Offers(kOffers.begin(), kOffers.end()));
  CHECK(taken("application/json;v=1;q=0.5, application/json;q=0.1") ==
        Offers{kOffers[1], kOffers[0], kOffers[2]});
  CHECK(taken("application/json;q=0.5;v=1") == Offers(kOffers.begin(), kOffers.end()));
}

TEST_CASE("of a range that is given twice the first counts", "[web][accept]") {
  CHECK(accepted("text/html;q=0, text/html, application/json") == Offers{"application/json"});
}

TEST_CASE("the most specific range decides", "[web][accept]") {
  CHECK(accepted("text/*;q=0.2, */*;q=0.5") == Offers{"application/json", "text/html"});
  CHECK(accepted("*/*, text/html;q=0") == Offers{"application/json"});
  CHECK(accepted("text/html;level=1").empty());
  CHECK(accepted("image/png").empty());
  CHECK(accepted("image/png, */*;q=0.001").size() == 2);
}

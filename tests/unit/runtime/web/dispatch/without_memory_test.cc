// Tests lack of memory while a client's input is handled: the error comes out, and nothing is kept.
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/failing_allocations.h"
#include <aiopyr/runtime/web/forms/forms.h>
#include <aiopyr/runtime/web/http/cookies.h>
#include <aiopyr/runtime/web/http/json_parser.h>
#include <aiopyr/runtime/web/url/url.h>

using namespace aiopyr;
using aiopyr::testing::fail_each_allocation;

namespace {

// Too long for strings without allocation.
const std::string kLong(40, 'v');

}  // namespace

TEST_CASE("a query that memory runs out for throws bad_alloc", "[web][memory]") {
  const std::string query = "a=" + kLong + "&b%20c=" + kLong + "+x&a=" + kLong;
  fail_each_allocation([&] { return parse_query(query); });
}

TEST_CASE("cookies that memory runs out for throw bad_alloc", "[web][memory]") {
  const std::string header = "first=" + kLong + "; second=\"" + kLong + "\\073\"; " + kLong + "=3";
  fail_each_allocation([&] { return parse_cookies(header); });
  fail_each_allocation([] {
    return make_cookie(
        "name", kLong,
        {.max_age = std::chrono::hours(1), .domain = "example.org", .samesite = "lax"});
  });
}

// Uses objects without containers: when nlohmann's code moves or destroys those, it allocates in a
// destructor, and ends the process if it cannot.
TEST_CASE("JSON that memory runs out for throws bad_alloc", "[web][memory]") {
  const std::string text = "[1, 2.5, true, null, [[], \"" + kLong + "\\u20ac\\n\"], {\"" + kLong +
                           "\": \"" + kLong + "\", \"b\": 2}, \"" + kLong + "\"]";
  fail_each_allocation([&] { return parse_json(text); });
}

TEST_CASE("forms that memory runs out for throw bad_alloc", "[web][memory]") {
  const std::string body = "--B\r\nContent-Disposition: form-data; name=\"field\"\r\n\r\n" + kLong +
                           "\r\n--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" +
                           kLong + ".png\"\r\nContent-Type: image/png\r\n\r\n" + kLong +
                           "\r\n--B--\r\n";
  fail_each_allocation([&] { return parse_form("multipart/form-data; boundary=B", body); });
  fail_each_allocation(
      [&] { return parse_form("application/x-www-form-urlencoded", "a=" + kLong + "&b=2"); });
}

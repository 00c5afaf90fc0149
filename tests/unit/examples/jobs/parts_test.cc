// The small parts of the job board that need no database.
#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>

#include "examples/jobs/ads/paging.h"
#include "examples/jobs/attachments/file_names.h"
#include "examples/jobs/rates/rate_table.h"

TEST_CASE("A page number is a number from 1 on", "[examples][jobs]") {
  using jobs::page_number;
  CHECK(page_number("1") == 1);
  CHECK(page_number("007") == 7);
  CHECK(page_number("999999999999") == 1'000'000'000);
  CHECK(page_number("99999999999999999999999") == 1'000'000'000);
  for (const char* odd : {"", "0", "000", "-1", "+1", "1.0", "x", "1x", " 1", "0x1", "\xD9\xA1"})
    CHECK_FALSE(page_number(odd));
}

TEST_CASE("A list has as many pages as its items fill, and one where there are none",
          "[examples][jobs]") {
  using jobs::Paging;
  CHECK(Paging{1, 0}.pages() == 1);
  CHECK(Paging{1, 1}.pages() == 1);
  CHECK(Paging{1, 10}.pages() == 1);
  CHECK(Paging{1, 11}.pages() == 2);
  CHECK(Paging{3, 30}.pages() == 3);
  CHECK(Paging{3, 30}.offset() == 20);
}

TEST_CASE("A file's name loses control characters and what is too long", "[examples][jobs]") {
  using jobs::safe_filename;
  CHECK(safe_filename("offer.pdf") == "offer.pdf");
  CHECK(safe_filename(std::string("a\0\r\n\x7F"
                                  "b",
                                  6)) == "ab");
  CHECK(safe_filename("") == "file");
  CHECK(safe_filename("..") == "file");
  CHECK(safe_filename("\x01") == "file");
  CHECK(safe_filename(std::string(300, 'x')).size() == 100);
  std::string euros = "x";
  for (int i = 0; i < 40; ++i) euros += "\xE2\x82\xAC";
  CHECK(safe_filename(euros) == euros.substr(0, 1 + 33 * 3));
}

TEST_CASE("A Content-Disposition is ASCII and has the name in full", "[examples][jobs]") {
  using jobs::content_disposition;
  CHECK(content_disposition("a b.pdf") ==
        "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf");
  CHECK(content_disposition("\"\\%\xE2\x82\xAC';") ==
        "attachment; filename=\"______';\"; filename*=UTF-8''%22%5C%25%E2%82%AC%27%3B");
}

TEST_CASE("Only types that a browser merely shows are kept", "[examples][jobs]") {
  using jobs::safe_content_type;
  CHECK(safe_content_type("application/pdf") == "application/pdf");
  CHECK(safe_content_type(" Text/Plain ; charset=x") == "text/plain");
  for (const char* odd : {"text/html", "image/svg+xml", "", "x", "application/pdf\r\nX: y"})
    CHECK(safe_content_type(odd) == "application/octet-stream");
}

TEST_CASE("Rates are read from a table of the euro", "[examples][jobs]") {
  using jobs::parse_rates;
  const auto rates = parse_rates(R"({"amount":1.0,"base":"EUR","rates":{"USD":1.08,"JPY":163}})");
  CHECK(rates == jobs::RateTable{{"EUR", 1.0}, {"USD", 1.08}, {"JPY", 163.0}});
}

TEST_CASE("What is no table of rates is refused", "[examples][jobs]") {
  using jobs::parse_rates;
  for (const std::string& odd :
       {std::string(), std::string("x"), std::string("null"), std::string("[]"), std::string("{}"),
        std::string(R"({"base":"USD","rates":{}})"), std::string(R"({"base":1,"rates":{}})"),
        std::string(R"({"base":"EUR"})"), std::string(R"({"base":"EUR","rates":[1]})"),
        std::string(R"({"base":"EUR","rates":{"USD":"1"}})"),
        std::string(R"({"base":"EUR","rates":{"USD":0}})"),
        std::string(R"({"base":"EUR","rates":{"USD":-1}})"),
        std::string(R"({"base":"EUR","rates":{"USD":null}})"),
        std::string(R"({"base":"EUR","rates":{"USD":1e999}})"),
        std::string(R"({"base":"EUR","rates":{"USD":1e300}})"), std::string(50'000, '['),
        std::string("\xFF")}) {
    CHECK_THROWS_AS(parse_rates(odd), std::runtime_error);
  }
}

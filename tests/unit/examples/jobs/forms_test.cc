#include "examples/jobs/forms.h"

#include <string>

#include <catch2/catch.hpp>

using aiopyr::Json;
using aiopyr::MultiDict;
using jobs::Field;
using jobs::Form;
using jobs::InvalidForm;

namespace {

Form form() {
  return Form(
      "Title", "/save", "Save",
      {{.name = "name", .label = "Name", .hint = "Yours.", .min = 2, .max = 5},
       {.name = "text", .label = "Text", .kind = "textarea", .min = 0},
       {.name = "email", .label = "E-mail", .kind = "email", .min = 0, .check = jobs::check_email},
       {.name = "password", .label = "Password", .kind = "password", .min = 0}});
}

/// Returns what is wrong with the first field that is wrong; an empty string if none is.
std::string error_of(const MultiDict& posted) {
  try {
    form().read(posted);
    return "";
  } catch (const InvalidForm& error) {
    return error.form().to_json()["errors"][0]["error"].get<std::string>();
  }
}

}  // namespace

TEST_CASE("A form takes what was typed, without spaces around it and with plain line ends",
          "[examples][jobs]") {
  Form read = form();
  read.read({{"name", " ada\t"}, {"text", "\r\na\r\nb\r\n"}, {"password", " x "}, {"other", "y"}});
  CHECK(read["name"] == "ada");
  CHECK(read["text"] == "a\nb");
  CHECK(read["email"].empty());
  CHECK(read["password"] == " x ");
  CHECK_THROWS_AS(read["other"], std::out_of_range);
}

TEST_CASE("A form says what is wrong with a field", "[examples][jobs]") {
  CHECK(error_of({}) == "Please fill this in.");
  CHECK(error_of({{"name", "  "}}) == "Please fill this in.");
  CHECK(error_of({{"name", "a"}}) == "Please use at least 2 characters.");
  CHECK(error_of({{"name", "abcdef"}}) == "Please use at most 5 characters.");
  CHECK(
      error_of({{"name", "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC"}}).empty());
  CHECK(error_of({{"name", "a\nb"}}) == "This contains characters that cannot be shown.");
  CHECK(error_of({{"name", std::string("a\0b", 3)}}) ==
        "This contains characters that cannot be shown.");
  CHECK(error_of({{"name", "ada"}, {"text", "a\n\tb"}}).empty());
  CHECK(error_of({{"name", "ada"}, {"email", "x"}}) ==
        "Please give an address such as ada@example.com.");
  CHECK(error_of({{"name", "ada"}, {"email", "a.b+c@example.com"}}).empty());
}

TEST_CASE("A form that is shown again has what was typed, but for passwords", "[examples][jobs]") {
  Form shown = form();
  CHECK_THROWS_AS(shown.read({{"name", "<b>abc"}, {"password", "secret"}}), InvalidForm);
  const Json page = shown.to_json();
  CHECK(page["has_errors"] == true);
  CHECK(page["fields"][0]["value"] == "<b>abc");
  CHECK(page["fields"][0]["error"] == "Please use at most 5 characters.");
  CHECK(page["fields"][0]["described"] == true);
  CHECK(page["fields"][1]["described"] == false);
  CHECK(page["fields"][3]["value"] == "");
}

TEST_CASE("A form can be refused for a reason that others know", "[examples][jobs]") {
  Form refused = form();
  refused.read({{"name", "ada"}});
  try {
    refused.refuse("name", "It is taken.");
    FAIL("refuse() has returned");
  } catch (const InvalidForm& error) {
    CHECK(error.form().to_json()["errors"][0] ==
          Json({{"name", "name"}, {"label", "Name"}, {"error", "It is taken."}}));
  }
}

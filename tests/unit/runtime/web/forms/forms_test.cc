#include <catch2/catch.hpp>

#include "tests/unit/support/bad_request.h"
#include <aiopyr/runtime/web/forms/forms.h>

using namespace aiopyr;

namespace {

std::string part(const std::string& headers, const std::string& content) {
  return "--B\r\n" + headers + "\r\n\r\n" + content + "\r\n";
}

std::string field(const std::string& name, const std::string& content) {
  return part("Content-Disposition: form-data; name=\"" + name + "\"", content);
}

std::string form_error_of(const std::string& body, const FormLimits& limits = {}) {
  return bad_request_of([&] { static_cast<void>(parse_multipart(body, "B", limits)); });
}

FileField only_file(const std::string& disposition) {
  const Form form =
      parse_multipart(part("Content-Disposition: " + disposition, "x") + "--B--", "B");
  REQUIRE(form.files.size() == 1);
  return form.files[0];
}

}  // namespace

TEST_CASE("an urlencoded form gives its fields", "[web][forms]") {
  const Form form = parse_form("application/x-www-form-urlencoded; charset=utf-8", "a=1&b=x+y");
  CHECK(form.fields == MultiDict{{"a", "1"}, {"b", "x y"}});
  CHECK(form.files.empty());
}

TEST_CASE("a body of another type is no form", "[web][forms]") {
  CHECK(parse_form("application/json", "{\"a\":1}").fields.empty());
  CHECK_FALSE(is_form_type("text/plain"));
  CHECK(is_form_type("MULTIPART/form-data; boundary=x"));
}

TEST_CASE("a multipart form gives fields and files in order", "[web][forms]") {
  const std::string body = "preamble\r\n" + field("a", "1") +
                           part(
                               "content-disposition: form-data; name=\"f\"; filename=\"x.bin\"\r\n"
                               "Content-Type: image/png; x=1",
                               std::string("\0\xff\r\n--\r\n-B", 10)) +
                           field("a", "2\r\n") +
                           part("Content-Disposition: form-data; name=g; filename=y", "") +
                           "--B--\r\nepilogue";
  const Form form = parse_form("multipart/form-data; boundary=B", body);
  CHECK(form.fields == MultiDict{{"a", "1"}, {"a", "2\r\n"}});
  REQUIRE(form.files.size() == 2);
  CHECK(form.files[0].name == "f");
  CHECK(form.files[0].filename == "x.bin");
  CHECK(form.files[0].content_type == "image/png; x=1");
  CHECK(form.files[0].bytes == std::string("\0\xff\r\n--\r\n-B", 10));
  CHECK(form.files[1].content_type == "application/octet-stream");
  CHECK(form.files[1].bytes.empty());
}

TEST_CASE("a form without parts is empty", "[web][forms]") {
  for (const std::string body : {"--B--\r\n", "", "no boundary", "--C\r\n\r\n\r\n--C--"}) {
    CHECK(parse_multipart(body, "B").fields.empty());
  }
}

TEST_CASE("a part's transfer encoding is undone", "[web][forms]") {
  const auto sent = [](const std::string& encoding, const std::string& content) {
    return parse_multipart(part("Content-Disposition: form-data; name=a; filename=x\r\n"
                                "Content-Transfer-Encoding: " +
                                    encoding,
                                content) +
                               part("Content-Transfer-Encoding:" + encoding +
                                        "\r\nContent-Disposition: form-data; name=a",
                                    content) +
                               "--B--",
                           "B");
  };
  const auto both = [&](const std::string& encoding, const std::string& content) {
    const Form form = sent(encoding, content);
    REQUIRE(form.files.size() == 1);
    CHECK(form.files[0].bytes == form.fields["a"]);
    return form.files[0].bytes;
  };
  CHECK(both("base64", "aGVsbG8=") == "hello");
  CHECK(both("BASE64", "aGVs\r\nbG8=\r\n") == "hello");
  CHECK(both("base64", "").empty());
  CHECK(sent("quoted-printable", "=C3=a9=\r\n=\nx=3D=zz=").fields["a"] == "\xC3\xA9x==zz=");
  for (const char* plain : {"7bit", "8bit", "binary", "x-other"}) {
    CHECK(both(plain, "aGVsbG8=") == "aGVsbG8=");
  }
  for (const char* broken : {"aGVsbG8", "aGVs!G8=", "="}) {
    CHECK_THAT(bad_request_of([&] { static_cast<void>(sent("base64", broken)); }),
               Catch::Contains("base64"));
  }
}

TEST_CASE("text is UTF-8 after its transfer encoding is undone", "[web][forms]") {
  CHECK_THAT(form_error_of(part("Content-Disposition: form-data; name=a\r\n"
                                "Content-Transfer-Encoding: quoted-printable",
                                "=FF") +
                           "--B--"),
             Catch::Contains("UTF-8"));
}

TEST_CASE("content that only starts like the boundary stays content", "[web][forms]") {
  const Form form = parse_multipart(field("a", "\r\n--Bx\r\n--B x") + "--B--", "B");
  CHECK(form.fields["a"] == "\r\n--Bx\r\n--B x");
}

TEST_CASE("spaces may follow a boundary", "[web][forms]") {
  CHECK(parse_multipart("--B \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--B--", "B")
            .fields["a"] == "1");
}

TEST_CASE("a file input that was left empty is an empty field, as in WebOb", "[web][forms]") {
  const Form form =
      parse_multipart(part("Content-Disposition: form-data; name=\"f\"; filename=\"\"\r\n"
                           "Content-Type: application/octet-stream",
                           "") +
                          "--B--",
                      "B");
  CHECK(form.fields == MultiDict{{"f", ""}});
  CHECK(form.files.empty());
}

TEST_CASE("names are read as browsers write them", "[web][forms]") {
  const FileField file =
      only_file("form-data; name=\"a%22b%0d%0A%41\"; filename=\"na\xC3\xAFve%22.txt\"");
  CHECK(file.name == "a\"b\r\n%41");
  CHECK(file.filename == "na\xC3\xAFve\".txt");
  CHECK(only_file("form-data; name=f; filename=\"a\\\"b\"").filename == "a\"b");
}

TEST_CASE("filename* wins where it can be decoded", "[web][forms]") {
  CHECK(only_file("form-data; name=f; filename=\"x\"; filename*=UTF-8''na%C3%AFve").filename ==
        "na\xC3\xAFve");
  CHECK(only_file("form-data; name=f; filename*=iso-8859-1'en'%E9").filename == "\xC3\xA9");
  CHECK(only_file("form-data; name=f; filename=\"x\"; filename*=UTF-8''%ff").filename == "x");
  CHECK(only_file("form-data; name=f; filename=\"x\"; filename*=broken").filename == "x");
}

TEST_CASE("basename drops the folders of any system", "[web][forms]") {
  CHECK(only_file("form-data; name=f; filename=\"C:\\dir\\x.txt\"").basename() == "x.txt");
  CHECK(only_file("form-data; name=f; filename=\"../../etc/passwd\"").basename() == "passwd");
  CHECK(only_file("form-data; name=f; filename=\"plain\"").basename() == "plain");
}

TEST_CASE("malformed multipart is a bad request with the position", "[web][forms]") {
  CHECK_THAT(form_error_of("x--B\r\n"), Catch::Contains("byte 6"));
  CHECK_THAT(form_error_of(field("a", "1")),
             Catch::Contains("byte 52") && Catch::Contains("closing"));
  CHECK_THAT(form_error_of("--B\r\nno colon\r\n\r\n1\r\n--B--"), Catch::Contains("byte 5"));
  CHECK_THAT(form_error_of("--B\r\nA: b\r\nno colon\r\n\r\n1\r\n--B--"),
             Catch::Contains("byte 11"));
  CHECK_THAT(form_error_of("--B\r\nA: b\r\n\r\n1\r\n--B--"),
             Catch::Contains("Content-Disposition"));
  CHECK_THAT(form_error_of("--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--"),
             Catch::Contains("name"));
  CHECK_THAT(form_error_of("--B\r\nContent-Disposition: x; name=a\r\n\r\n1\r\n--B--"),
             Catch::Contains("form-data"));
  CHECK_THAT(form_error_of("--B\r\nA: b"), Catch::Contains("do not end"));
}

TEST_CASE("a body that is cut anywhere is a bad request, never half a form", "[web][forms]") {
  const std::string body = field("a", "1") + field("b", "2") + "--B--";
  for (std::size_t length = 3; length < body.size(); ++length) {
    CAPTURE(length);
    CHECK_THROWS_AS(parse_multipart(body.substr(0, length), "B"), HTTPBadRequest);
  }
  CHECK_NOTHROW(parse_multipart(body, "B"));
}

TEST_CASE("text in a multipart form must be UTF-8, files need not be", "[web][forms]") {
  CHECK_THAT(form_error_of(field("a", "x\xff") + "--B--"),
             Catch::Contains("byte 50") && Catch::Contains("'a'"));
  CHECK_THAT(form_error_of(field("\xff", "x") + "--B--"), Catch::Contains("name"));
  CHECK_THAT(form_error_of(part("Content-Disposition: form-data; name=a; filename=\"\xff\"", "x") +
                           "--B--"),
             Catch::Contains("filename"));
}

TEST_CASE("a form is bounded in parts, parameters and the size of a part's headers",
          "[web][forms]") {
  const std::string three = field("a", "1") + field("b", "2") + field("c", "3") + "--B--";
  CHECK(parse_multipart(three, "B", {.parts = 3, .parameters = 3}).fields.size() == 3);
  CHECK_THAT(form_error_of(three, {.parts = 2}), Catch::Contains("more than 2 parts"));
  CHECK_THAT(form_error_of(three, {.parameters = 2}), Catch::Contains("more than 2 parameters"));
  const std::string long_head =
      part("Content-Disposition: form-data; name=a\r\nX: " + std::string(9000, 'x'), "1") + "--B--";
  CHECK_THAT(form_error_of(long_head), Catch::Contains("too long"));
}

TEST_CASE("a boundary is what it can be in Python", "[web][forms]") {
  for (const std::string& boundary :
       {std::string("\"a\xff\""), std::string("\"a \""), std::string(202, 'x')}) {
    CAPTURE(boundary);
    CHECK_THROWS_AS(parse_form("multipart/form-data; boundary=" + boundary, "--a--"),
                    HTTPBadRequest);
  }
  for (const std::string& boundary : {std::string("<a*b>"), std::string(201, 'x')}) {
    const std::string body = "--" + boundary +
                             "\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--" +
                             boundary + "--";
    CHECK(parse_multipart(body, boundary).fields["a"] == "1");
  }
}

TEST_CASE("a multipart form without a boundary is empty", "[web][forms]") {
  for (const char* type : {"multipart/form-data", "multipart/form-data; boundary="}) {
    CHECK(parse_form(type, "--a--").fields.empty());
  }
}

#include <catch2/catch.hpp>

#include <aiopyr/runtime/text/base64.h>

using namespace aiopyr;

TEST_CASE("base64 encodes as RFC 4648 section 10 shows") {
  CHECK(base64_encode("").empty());
  CHECK(base64_encode("f") == "Zg==");
  CHECK(base64_encode("fo") == "Zm8=");
  CHECK(base64_encode("foo") == "Zm9v");
  CHECK(base64_encode("\xfb\xff") == "+/8=");
  CHECK(base64url_encode("\xfb\xff") == "-_8");
}

TEST_CASE("base64 decodes what it encodes, whatever the bytes") {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    CHECK(base64_decode(base64_encode(bytes)) == bytes);
    CHECK(base64url_decode(base64url_encode(bytes)) == bytes);
    bytes += static_cast<char>(i * 7);
  }
}

TEST_CASE("base64 that no encoder writes is refused") {
  for (const char* bad : {"Zg", "Zg=", "Z===", "====", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n", "Zm-v",
                          "Zg==Zg==", "\xff\xff\xff\xff"}) {
    CAPTURE(bad);
    CHECK_FALSE(base64_decode(bad));
  }
  for (const char* bad : {"Z", "Zh", "Zg==", "Zm+v", "Zm9vZ"}) {
    CAPTURE(bad);
    CHECK_FALSE(base64url_decode(bad));
  }
}

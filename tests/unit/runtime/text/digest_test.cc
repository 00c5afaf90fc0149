#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/digest.h>

using namespace aiopyr;

TEST_CASE("hashes go by the names of Python's hashlib") {
  CHECK(HashAlgorithm("md5").hexdigest("abc") == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(HashAlgorithm("SHA1").hexdigest("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(HashAlgorithm("sha3_256").digest_size() == 32);
  CHECK(HashAlgorithm("sha512_256").digest_size() == 32);
  CHECK(HashAlgorithm("blake2b").digest_size() == 64);
  CHECK(HashAlgorithm("blake2s").digest_size() == 32);
}

TEST_CASE("a hash that there is not, or that has no size of its own, is refused by its name") {
  for (const char* name : {"", "sha513", "shake_128"}) {
    CHECK_THROWS_AS(HashAlgorithm(name), ConfigurationError);
  }
  CHECK_THROWS_WITH(HashAlgorithm("sha513"), Catch::Matchers::Contains("'sha513'"));
}

TEST_CASE("a signature is RFC 2104's") {
  // RFC 2202 section 2, test case 2.
  const std::string signature = HashAlgorithm("md5").hmac("Jefe", "what do ya want for nothing?");
  CHECK(signature == "\x75\x0c\x78\x3e\x6a\xb0\xb5\x03\xea\xa8\x6e\x31\x0a\x5d\xb7\x38");
}

TEST_CASE("texts are the same only if every byte is") {
  CHECK(constant_time_equal("", ""));
  CHECK(constant_time_equal("abc", "abc"));
  CHECK_FALSE(constant_time_equal("abc", "abd"));
  CHECK_FALSE(constant_time_equal("abc", "ab"));
}

TEST_CASE("random tokens are hexadecimal and no two alike") {
  const std::string token = random_hex(16);
  CHECK(token.size() == 32);
  CHECK(token.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(token != random_hex(16));
}

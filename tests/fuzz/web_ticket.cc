// Checks that any bytes as a ticket, a signed text or base64 are read or refused, and never throw;
// any bytes that are written are read back unchanged.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <aiopyr/runtime/text/base64.h>
#include <aiopyr/runtime/web/security/auth_ticket.h>
#include <aiopyr/runtime/web/security/signed_serializer.h>
#include <aiopyr/runtime/web/security/userid_codec.h>

namespace {

using namespace aiopyr;

void require(bool holds) {
  if (!holds) std::abort();
}

void fuzz_ticket(const std::string& bytes) {
  static const HashAlgorithm kHash("md5");
  require(!parse_ticket("sosecret", bytes, "0.0.0.0", kHash));
  AuthTicket ticket;
  ticket.userid = detail::encode_userid(bytes, UseridType::kBytes);
  ticket.user_data = detail::userid_type_data(UseridType::kBytes);
  const std::string value = ticket.cookie_value("sosecret", kHash);
  const auto parsed = parse_ticket("sosecret", value, "0.0.0.0", kHash);
  if (!parsed) return require(value.size() > 4096);
  require(detail::decode_userid(parsed->userid, parsed->user_data)->userid == bytes);
}

void fuzz_userid(const std::string& bytes) {
  const auto end = bytes.find('!');
  if (end == std::string::npos) return;
  static_cast<void>(detail::decode_userid(bytes.substr(0, end), bytes.substr(end + 1)));
}

void fuzz_signed_text(const std::string& bytes) {
  static const SignedSerializer kSerializer("itsaseekreet", "pyramid.session.", "md5");
  require(!kSerializer.loads(bytes));
  const std::string value = kSerializer.dumps(bytes);
  require(kSerializer.loads(value) == bytes || value.size() > 4096);
}

void fuzz_base64(const std::string& bytes) {
  require(base64_decode(base64_encode(bytes)) == bytes);
  const auto decoded = base64_decode(bytes);
  require(!decoded || base64_encode(*decoded) == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  fuzz_ticket(bytes);
  fuzz_userid(bytes);
  fuzz_signed_text(bytes);
  fuzz_base64(bytes);
  return 0;
}

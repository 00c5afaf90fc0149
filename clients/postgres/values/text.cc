#include <cstdint>

#include <aiopyr/clients/postgres/values/numbers.h>
#include <aiopyr/clients/postgres/values/text.h>
#include <aiopyr/clients/postgres/values/uuid.h>

namespace aiopyr::postgres {

namespace {

// jsonb_send() of PostgreSQL's jsonb.c writes this version before the text.
constexpr char kJsonbVersion = 1;

bool is_text_type(Oid type) {
  switch (type) {
    case kTextOid:
    case kVarcharOid:
    case kBpcharOid:
    case kNameOid:
    case kCharOid:
    case kUnknownOid:
    case kJsonOid:
    case kXmlOid:
      return true;
    default:
      return false;
  }
}

}  // namespace

namespace detail {

std::string_view decode_text(const Value& value) {
  if (value.is_text() || is_text_type(value.type)) return value.bytes;
  if (value.type == kJsonbOid) {
    if (!value.bytes.starts_with(kJsonbVersion)) throw ValueError("an unknown version of jsonb");
    return value.bytes.substr(1);
  }
  if (value.type < kFirstUserOid) throw ValueError();
  // The binary format of an enum is its text, as it is of several extensions' types. A composite
  // type's has NUL bytes, which no text has.
  if (value.bytes.find('\0') != std::string_view::npos)
    throw ValueError("its binary format is no text: cast it in SQL, as in `x::text`");
  return value.bytes;
}

std::string decode_string(const Value& value) {
  if (!value.is_text() && value.type == kNumericOid) return decode_numeric(value);
  if (!value.is_text() && value.type == kUuidOid) return decode_uuid(value).text();
  return std::string(decode_text(value));
}

std::string decode_json(const Value& value) {
  if (value.type != kJsonbOid && value.type != kJsonOid) throw ValueError();
  return std::string(decode_text(value));
}

void write_text(std::string_view text, WireWriter& out) {
  if (text.find('\0') != std::string_view::npos)
    throw ValueError("it holds a NUL byte: send it as postgres::Bytes to a bytea column");
  out.write(text);
}

}  // namespace detail

void PostgresType<JsonText>::encode(const JsonText& value, WireWriter& out) {
  out.write_integer(kJsonbVersion);
  detail::write_text(value.text, out);
}

}  // namespace aiopyr::postgres

#include <algorithm>
#include <array>
#include <string_view>

#include <aiopyr/clients/postgres/values/oid.h>

namespace aiopyr::postgres {

namespace {

struct BuiltInType {
  Oid type;
  Oid array;
  std::string_view name;
};

// pg_type.dat of PostgreSQL: the types that applications meet.
constexpr std::array kBuiltInTypes{
    BuiltInType{kBoolOid, 1000, "boolean"},
    BuiltInType{kByteaOid, 1001, "bytea"},
    BuiltInType{kCharOid, 1002, "\"char\""},
    BuiltInType{kNameOid, 1003, "name"},
    BuiltInType{kInt2Oid, 1005, "smallint"},
    BuiltInType{kInt4Oid, 1007, "integer"},
    BuiltInType{kTextOid, 1009, "text"},
    BuiltInType{kBpcharOid, 1014, "character"},
    BuiltInType{kVarcharOid, 1015, "character varying"},
    BuiltInType{kInt8Oid, 1016, "bigint"},
    BuiltInType{kFloat4Oid, 1021, "real"},
    BuiltInType{kFloat8Oid, 1022, "double precision"},
    BuiltInType{kOidOid, 1028, "oid"},
    BuiltInType{kTimestampOid, 1115, "timestamp without time zone"},
    BuiltInType{kDateOid, 1182, "date"},
    BuiltInType{kTimestamptzOid, 1185, "timestamp with time zone"},
    BuiltInType{kNumericOid, 1231, "numeric"},
    BuiltInType{kUuidOid, 2951, "uuid"},
    BuiltInType{kJsonOid, 199, "json"},
    BuiltInType{kJsonbOid, 3807, "jsonb"},
    BuiltInType{kXmlOid, 143, "xml"},
    BuiltInType{kUnknownOid, 0, "unknown"},
    BuiltInType{600, 1017, "point"},
    BuiltInType{650, 651, "cidr"},
    BuiltInType{790, 791, "money"},
    BuiltInType{829, 1040, "macaddr"},
    BuiltInType{869, 1041, "inet"},
    BuiltInType{1083, 1183, "time without time zone"},
    BuiltInType{1186, 1187, "interval"},
    BuiltInType{1266, 1270, "time with time zone"},
    BuiltInType{1560, 1561, "bit"},
    BuiltInType{1562, 1563, "bit varying"},
    BuiltInType{2249, 2287, "record"},
    BuiltInType{2278, 0, "void"},
    BuiltInType{3614, 3643, "tsvector"},
    BuiltInType{3904, 3905, "int4range"},
    BuiltInType{3926, 3927, "int8range"},
    BuiltInType{3906, 3907, "numrange"},
    BuiltInType{3908, 3909, "tsrange"},
    BuiltInType{3910, 3911, "tstzrange"},
    BuiltInType{3912, 3913, "daterange"},
};

}  // namespace

std::string type_name(Oid type) {
  for (const BuiltInType& known : kBuiltInTypes) {
    if (known.type == type) return std::string(known.name);
    if (known.array == type && type != 0) return std::string(known.name) + "[]";
  }
  return "type with OID " + std::to_string(type);
}

Oid element_type(Oid array) noexcept {
  if (array == 0) return 0;
  const auto* const found = std::ranges::find(kBuiltInTypes, array, &BuiltInType::array);
  return found == kBuiltInTypes.end() ? 0 : found->type;
}

}  // namespace aiopyr::postgres

#pragma once

#include <cstdint>
#include <string>

/// PostgreSQL's numbers of its built-in types, as in its catalog pg_type. Plain values, any thread.
namespace aiopyr::postgres {

/// The number of a type in pg_type; libpq's Oid. 0 lets the server find the type out.
using Oid = std::uint32_t;

/// A built-in type, and the type of arrays of it.
struct TypeOids {
  Oid element = 0;
  Oid array = 0;
};

inline constexpr Oid kInferredOid = 0;
inline constexpr Oid kBoolOid = 16;
inline constexpr Oid kByteaOid = 17;
inline constexpr Oid kCharOid = 18;
inline constexpr Oid kNameOid = 19;
inline constexpr Oid kInt8Oid = 20;
inline constexpr Oid kInt2Oid = 21;
inline constexpr Oid kInt4Oid = 23;
inline constexpr Oid kTextOid = 25;
inline constexpr Oid kOidOid = 26;
inline constexpr Oid kJsonOid = 114;
inline constexpr Oid kXmlOid = 142;
inline constexpr Oid kFloat4Oid = 700;
inline constexpr Oid kFloat8Oid = 701;
inline constexpr Oid kUnknownOid = 705;
inline constexpr Oid kBpcharOid = 1042;
inline constexpr Oid kVarcharOid = 1043;
inline constexpr Oid kDateOid = 1082;
inline constexpr Oid kTimestampOid = 1114;
inline constexpr Oid kTimestamptzOid = 1184;
inline constexpr Oid kNumericOid = 1700;
inline constexpr Oid kUuidOid = 2950;
inline constexpr Oid kJsonbOid = 3802;

/// The first number of types that are not built in: enums, composite types, those of extensions.
inline constexpr Oid kFirstUserOid = 16384;

/// Returns a type's name as SQL writes it: "bigint", "text[]", "timestamp with time zone"; "type
/// with OID 16403" for one that is not built in, since only the server knows its name.
[[nodiscard]] std::string type_name(Oid type);

/// Returns the type of an array's elements; 0 if `array` is no array of a type that is known here.
[[nodiscard]] Oid element_type(Oid array) noexcept;

}  // namespace aiopyr::postgres

// Checks that any bytes of a server as a value of any type are read, or refused with a ValueError;
// and that what was read is read again from what it is sent as. The first byte chooses the C++
// type, the second the column's and the format, the rest is the value. Any line of COPY is read
// too.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <nlohmann/json.hpp>

#include <aiopyr/clients/postgres/values/copy.h>
#include <aiopyr/clients/postgres/values/json.h>
#include <aiopyr/clients/postgres/values/parameters.h>

namespace {

using namespace aiopyr::postgres;

using Micros = std::chrono::sys_time<std::chrono::microseconds>;
using LocalTime = std::chrono::local_time<std::chrono::microseconds>;

template <class T>
bool is_same(const T& one, const T& other) {
  if constexpr (std::is_floating_point_v<T>) {
    return one == other || (std::isnan(one) && std::isnan(other));
  } else {
    return one == other;
  }
}

/// Sends a value, and reads what a server would return.
template <class T>
T send_and_read(const T& value) {
  WireWriter out;
  detail::encode_value(value, out);
  return detail::decode_value<T>(
      {detail::assumed_type<T>(), detail::Codec<T>::kFormat, out.view()});
}

template <class T>
void check(const Value& value) {
  std::optional<T> read;
  try {
    read = detail::decode_value<T>(value);
  } catch (const ValueError&) {
    return;
  }
  try {
    if (!is_same(send_and_read(*read), *read)) std::abort();
  } catch (const ValueError&) {
    // A text with a NUL byte, a time that PostgreSQL does not have.
  }
}

void check_copy(std::string_view line) {
  std::optional<CopyFields> fields;
  try {
    fields.emplace(line);
  } catch (const RowError&) {
    return;
  }
  using Text = std::optional<std::string>;
  for (std::size_t at = 0; at < fields->size(); ++at) {
    const auto text = fields->get<Text>(at);
    CopyLines lines;
    try {
      lines.add(text);
    } catch (const TypeError&) {
      continue;
    }
    if (CopyFields(lines.take()).get<Text>(0) != text) std::abort();
  }
}

constexpr Oid kTypes[] = {kBoolOid,    kByteaOid, kInt8Oid,      kInt2Oid,      kInt4Oid,
                          kTextOid,    kJsonOid,  kFloat4Oid,    kFloat8Oid,    kVarcharOid,
                          kDateOid,    kUuidOid,  kJsonbOid,     kTimestampOid, kTimestamptzOid,
                          kNumericOid, kOidOid,   kFirstUserOid, 1000,          1001,
                          1007,        1009,      1016,          1022,          1185,
                          1231,        2951,      3807};

using Check = void (*)(const Value&);
constexpr Check kChecks[] = {
    check<bool>,
    check<std::int8_t>,
    check<int>,
    check<std::int64_t>,
    check<std::uint64_t>,
    check<float>,
    check<double>,
    check<Numeric>,
    check<std::string>,
    check<JsonText>,
    check<nlohmann::json>,
    check<Bytes>,
    check<Uuid>,
    check<std::chrono::system_clock::time_point>,
    check<std::chrono::sys_seconds>,
    check<Micros>,
    check<LocalTime>,
    check<std::chrono::year_month_day>,
    check<std::chrono::sys_days>,
    check<std::vector<bool>>,
    check<std::vector<std::optional<int>>>,
    check<std::vector<std::optional<std::string>>>,
    check<std::vector<Bytes>>,
    check<std::vector<Numeric>>,
    check<std::vector<Micros>>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 2, size - 2};
  const auto format = (data[1] & 1U) != 0 ? Format::kBinary : Format::kText;
  const Oid type = kTypes[(data[1] >> 1U) % std::size(kTypes)];
  kChecks[data[0] % std::size(kChecks)]({type, format, bytes});
  check_copy(bytes);
  return 0;
}

#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include <aiopyr/clients/postgres/values/text.h>

namespace aiopyr::postgres {

/// Sends nlohmann's JSON, which aiopyr::Json is too, as jsonb, and reads json and jsonb as it. Any
/// thread. In a header of its own, since not everybody wants to compile it.
template <class Json>
requires nlohmann::detail::is_basic_json<Json>::value struct PostgresType<Json> {
  using Stored = JsonText;

  /// Throws ValueError for a text that is no UTF-8.
  static JsonText to_stored(const Json& value) {
    try {
      return {value.dump()};
    } catch (const nlohmann::json::exception&) {
      throw ValueError("it holds a text that is no UTF-8");
    }
  }
  /// Throws ValueError if nlohmann cannot read it, such as a number that is out of range.
  static Json from_stored(const JsonText& stored) {
    Json value = Json::parse(stored.text, nullptr, /*allow_exceptions=*/false);
    if (value.is_discarded()) throw ValueError("it cannot be read as JSON");
    return value;
  }
};

}  // namespace aiopyr::postgres

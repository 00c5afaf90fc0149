#pragma once

#include <map>
#include <string>
#include <string_view>

namespace jobs {

/// Gives the worth of one euro, by the three letters of a currency.
using RateTable = std::map<std::string, double>;

/// Reads the answer of an exchange-rate service: `{"base": "EUR", "rates": {"USD": 1.08, ...}}`, as
/// frankfurter.app gives it. Throws std::runtime_error for anything else.
[[nodiscard]] RateTable parse_rates(std::string_view json);

}  // namespace jobs

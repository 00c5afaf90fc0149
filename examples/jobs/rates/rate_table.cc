#include "rate_table.h"

#include <stdexcept>

#include <nlohmann/json.hpp>

namespace jobs {

namespace {

constexpr double kMaxRate = 1e9;  // more than any currency's, and salaries in it still fit

}  // namespace

RateTable parse_rates(std::string_view json) {
  const auto answer = nlohmann::json::parse(json, nullptr, false);
  if (!answer.is_object() || answer.value("base", nlohmann::json()) != "EUR")
    throw std::runtime_error("the answer is no table of rates of the euro");
  const auto rates = answer.value("rates", nlohmann::json());
  if (!rates.is_object()) throw std::runtime_error("the answer has no rates");
  RateTable table{{"EUR", 1.0}};
  for (const auto& [currency, rate] : rates.items()) {
    if (!rate.is_number() || rate.get<double>() <= 0 || rate.get<double>() > kMaxRate)
      throw std::runtime_error("the answer has a rate that is no number from 0 to 1e9");
    table[currency] = rate.get<double>();
  }
  return table;
}

}  // namespace jobs

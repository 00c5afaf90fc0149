#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <aiopyr/aiopyr.h>

namespace jobs {

/// Writes salaries: in euro, and in the currency that the visitor has chosen.
class SalaryText {
 public:
  /// `rate` is what one euro is worth in the currency; nullopt where nobody knows.
  SalaryText(std::string currency, std::optional<double> rate)
      : currency_(std::move(currency)), rate_(rate) {}

  /// Returns a text, such as "60,000 EUR a year (about 64,800 USD)"; null where no salary is given.
  [[nodiscard]] aiopyr::Json operator()(std::optional<std::int32_t> salary) const;

  /// Returns whether there is no rate of the chosen currency.
  [[nodiscard]] bool is_missing() const noexcept { return !rate_; }
  [[nodiscard]] const std::string& currency() const noexcept { return currency_; }
  /// Returns the currencies to choose from.
  [[nodiscard]] aiopyr::Json choices() const;
  /// Returns the query of links, so that they keep the choice.
  [[nodiscard]] aiopyr::UrlQuery query() const;

 private:
  std::string currency_;
  std::optional<double> rate_;
};

/// Returns the text of salaries for a request, whose parameter `currency` is the choice. The rates
/// are asked for only where another one than the euro is chosen.
[[nodiscard]] aiopyr::Task<SalaryText> salary_text(aiopyr::Request& request);

}  // namespace jobs

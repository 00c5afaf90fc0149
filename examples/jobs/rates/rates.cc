#include "rates.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <memory>

#include "../../shared/settings.h"
#include "../views.h"
#include "rate_cache.h"
#include <aiopyr/runtime/base/parse_number.h>

namespace jobs {

using namespace aiopyr;

namespace {

constexpr const char* kEuro = "EUR";
constexpr std::array kCurrencies{kEuro, "CHF", "GBP", "JPY", "PLN", "SEK", "USD"};

/// Returns the digits in groups of three.
std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

/// Returns the chosen currency: the euro for a choice that there is not.
std::string chosen_currency(Request& request) {
  const std::string chosen(request.GET().get("currency", kEuro));
  const bool is_known = std::ranges::find(kCurrencies, chosen) != kCurrencies.end();
  return is_known ? chosen : kEuro;
}

std::chrono::seconds keep_setting(Configurator& config) {
  const auto found = config.settings().find("rates.keep");
  if (found == config.settings().end()) return std::chrono::hours(1);
  const auto seconds = parse_number<std::int32_t>(found->second);
  if (!seconds || *seconds <= 0)
    throw ConfigurationError("rates.keep is a number of seconds, not " + found->second);
  return std::chrono::seconds(*seconds);
}

}  // namespace

Json SalaryText::operator()(std::optional<std::int32_t> salary) const {
  if (!salary) return nullptr;
  const std::string euro = grouped(*salary) + " EUR a year";
  if (currency_ == kEuro || !rate_) return euro;
  const auto hundreds = static_cast<std::int64_t>(std::llround(*salary * *rate_ / 100));
  return euro + " (about " + grouped(hundreds * 100) + " " + currency_ + ")";
}

Json SalaryText::choices() const {
  Json choices = Json::array();
  for (const char* currency : kCurrencies)
    choices.push_back({{"currency", currency}, {"selected", currency == currency_}});
  return choices;
}

UrlQuery SalaryText::query() const {
  if (currency_ == kEuro) return {};
  return {{"currency", currency_}};
}

Task<SalaryText> salary_text(Request& request) {
  std::string currency = chosen_currency(request);
  if (currency == kEuro) co_return SalaryText(currency, 1.0);
  const auto rates = co_await request.registry().get<RateCache>().latest();
  std::optional<double> rate;
  if (rates && rates->contains(currency)) rate = rates->at(currency);
  co_return SalaryText(currency, rate);
}

void include_rates(Configurator& config) {
  const std::string url = shared::required_setting(config, "rates.url");
  const std::chrono::seconds keep = keep_setting(config);
  config.on_worker_start([url, keep](Registry& registry) {
    const auto log = [&registry](const std::string& problem) {
      registry.log(LogLevel::kWarning, "no exchange rates: " + problem);
    };
    registry.emplace<RateCache>(RateCache::Options{.url = url, .keep = keep, .log = log});
  });
}

}  // namespace jobs

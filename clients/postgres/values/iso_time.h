#pragma once

#include <chrono>
#include <string_view>

#include <aiopyr/clients/postgres/values/times.h>

/// Reads dates and times as PostgreSQL writes them in text, with DateStyle `ISO`, which is its
/// default. Throws ValueError for anything else. Pure functions, any thread.
namespace aiopyr::postgres::detail {

/// Reads `2026-12-01 13:05:59.25+01`, `infinity` and `-infinity`; without a zone as in UTC.
[[nodiscard]] Microseconds parse_iso_time(std::string_view text);

/// Reads `2026-12-01`, `0044-03-15 BC`, `infinity` and `-infinity`.
[[nodiscard]] std::chrono::sys_days parse_iso_day(std::string_view text);

}  // namespace aiopyr::postgres::detail

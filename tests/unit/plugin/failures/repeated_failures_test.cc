#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/plugin/failures/repeated_failures.h>

namespace aiopyr::plugin {
namespace {

constexpr TimePoint kBegin{std::chrono::hours(1)};

/// Reports the same failure `count` times; returns how many would be written.
std::size_t repeat(RepeatedFailures& failures, std::size_t count, TimePoint now,
                   const std::string& kind = "Broken: db at f()") {
  std::size_t written = 0;
  for (std::size_t i = 0; i < count; ++i) written += failures.is_to_be_written(kind, now) ? 1 : 0;
  return written;
}

TEST_CASE("The first few of the same failures are written, the others counted") {
  RepeatedFailures failures;
  CHECK(repeat(failures, 64'000, kBegin) == RepeatedFailures::kWritten);
  CHECK(failures.has_counted());
  CHECK(failures.take_over(kBegin).empty());
  const auto counts = failures.take_over(kBegin + RepeatedFailures::kPeriod);
  REQUIRE(counts.size() == 1);
  CHECK(counts[0].kind == "Broken: db at f()");
  CHECK(counts[0].more == 64'000 - RepeatedFailures::kWritten);
  CHECK_FALSE(failures.has_counted());
}

TEST_CASE("What happens now and then is written each time") {
  RepeatedFailures failures;
  TimePoint now = kBegin;
  for (int i = 0; i < 100; ++i, now += RepeatedFailures::kPeriod) {
    CHECK(repeat(failures, 3, now) == 3);
  }
  CHECK_FALSE(failures.has_counted());
}

TEST_CASE("When its number is told a failure is written again") {
  RepeatedFailures failures;
  repeat(failures, 100, kBegin);
  const TimePoint later = kBegin + RepeatedFailures::kPeriod;
  CHECK(repeat(failures, 10, later) == 0);
  CHECK(failures.take_over(later).at(0).more == 110 - RepeatedFailures::kWritten);
  CHECK(repeat(failures, 10, later) == RepeatedFailures::kWritten);
}

TEST_CASE("Failures of another kind do not count for each other") {
  RepeatedFailures failures;
  repeat(failures, 100, kBegin, "a");
  CHECK(repeat(failures, 100, kBegin, "b") == RepeatedFailures::kWritten);
  CHECK(failures.take_all().size() == 2);
  CHECK(failures.take_all().empty());
}

TEST_CASE("No number is lost where there are more kinds than are kept") {
  RepeatedFailures failures;
  constexpr std::size_t kKinds = 3 * RepeatedFailures::kMostKinds;
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    repeat(failures, RepeatedFailures::kWritten + 2, kBegin, std::to_string(kind));
  }
  std::size_t more = 0;
  for (const auto& count : failures.take_all()) more += count.more;
  CHECK(more == 2 * kKinds);
}

}  // namespace
}  // namespace aiopyr::plugin

#include <chrono>
#include <new>
#include <thread>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/counter.h>
#include <aiopyr/runtime/base/duration_histogram.h>

using namespace aiopyr::metrics;
using namespace std::chrono_literals;

TEST_CASE("A counter grows by what it is told") {
  Counter counter;
  counter.add();
  counter.add(41);
  CHECK(counter.value() == 42);
}

TEST_CASE("A gauge goes up and down, and is raised only upwards") {
  Gauge gauge;
  gauge.add(5);
  gauge.add(-7);
  CHECK(gauge.value() == -2);
  gauge.raise_to(10);
  gauge.raise_to(3);
  CHECK(gauge.value() == 10);
  gauge.set(1);
  CHECK(gauge.value() == 1);
}

TEST_CASE("A gauge loses nothing where several threads write") {
  Gauge gauge;
  const auto count = [&] {
    for (int i = 0; i < 100'000; ++i) gauge.add_threadsafe(1);
  };
  std::thread other(count);
  count();
  other.join();
  CHECK(gauge.value() == 200'000);
}

TEST_CASE("A histogram counts a duration in the first bucket that takes it") {
  DurationHistogram histogram;
  histogram.observe(0ns);
  histogram.observe(100us);
  histogram.observe(100'001ns);
  histogram.observe(10s);
  histogram.observe(11s);
  const auto totals = histogram.totals();
  CHECK(totals.buckets[0] == 2);
  CHECK(totals.buckets[1] == 1);
  CHECK(totals.buckets[15] == 1);
  CHECK(totals.buckets[16] == 1);
  CHECK(totals.count() == 5);
  CHECK(totals.sum == 21s + 200'001ns);
}

TEST_CASE("A clock that went backwards takes nothing from the sum") {
  DurationHistogram histogram;
  histogram.observe(1s);
  histogram.observe(-5s);
  CHECK(histogram.totals().sum == 1s);
  CHECK(histogram.totals().count() == 2);
}

TEST_CASE("Totals of several histograms add up") {
  DurationHistogram one;
  DurationHistogram other;
  one.observe(1ms);
  other.observe(1ms);
  other.observe(1h);
  auto totals = one.totals();
  totals += other.totals();
  CHECK(totals.buckets[3] == 2);
  CHECK(totals.count() == 3);
  CHECK(totals.sum == 1h + 2ms);
}

TEST_CASE("Memory that is all zeros is a histogram") {
  alignas(DurationHistogram) std::byte memory[sizeof(DurationHistogram)]{};
  auto& histogram = *reinterpret_cast<DurationHistogram*>(memory);
  histogram.observe(3s);
  CHECK(histogram.totals().count() == 1);
}

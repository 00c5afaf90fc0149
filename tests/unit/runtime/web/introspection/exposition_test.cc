#include <chrono>
#include <limits>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/introspection/exposition.h>

using namespace aiopyr::metrics;
using namespace std::chrono_literals;
using Type = Exposition::Type;

TEST_CASE("A family begins with its help and type, samples follow", "[web][metrics]") {
  Exposition out;
  out.begin(Type::kCounter, "requests_total", "Requests.");
  out.add({{"route", "home"}, {"status", "200"}}, std::uint64_t{3});
  out.add({}, std::int64_t{-1});
  CHECK(out.take() ==
        "# HELP requests_total Requests.\n"
        "# TYPE requests_total counter\n"
        "requests_total{route=\"home\",status=\"200\"} 3\n"
        "requests_total -1\n");
}

TEST_CASE("What a label's value has in it cannot end it, nor the line", "[web][metrics]") {
  Exposition out;
  out.begin(Type::kGauge, "x", "a\\b\n\"c\"");
  out.add({{"l", "a\"b\\c\nd"}}, std::int64_t{1});
  CHECK(out.take() ==
        "# HELP x a\\\\b\\n\"c\"\n"
        "# TYPE x gauge\n"
        "x{l=\"a\\\"b\\\\c\\nd\"} 1\n");
}

TEST_CASE("A label without a name is not written", "[web][metrics]") {
  Exposition out;
  out.begin(Type::kGauge, "x", "X.");
  out.add({{}}, std::int64_t{1});
  out.add({{}, {"a", ""}}, std::int64_t{2});
  CHECK_THAT(out.take(), Catch::EndsWith("\nx 1\nx{a=\"\"} 2\n"));
}

TEST_CASE("Durations are seconds, without exponents", "[web][metrics]") {
  Exposition out;
  out.begin(Type::kGauge, "x", "X.");
  out.add({}, 1500ms);
  out.add({}, 1ns);
  out.add({}, std::numeric_limits<double>::infinity());
  CHECK_THAT(out.take(), Catch::EndsWith("\nx 1.5\nx 0.000000001\nx +Inf\n"));
}

TEST_CASE("Each bucket of a histogram has what the shorter ones have", "[web][metrics]") {
  DurationHistogram histogram;
  histogram.observe(50us);
  histogram.observe(2ms);
  histogram.observe(1min);
  Exposition out;
  out.begin(Type::kHistogram, "took_seconds", "T.");
  out.add({{"route", "r"}}, histogram.totals());
  CHECK(out.take() ==
        "# HELP took_seconds T.\n"
        "# TYPE took_seconds histogram\n"
        "took_seconds_bucket{route=\"r\",le=\"0.0001\"} 1\n"
        "took_seconds_bucket{route=\"r\",le=\"0.00025\"} 1\n"
        "took_seconds_bucket{route=\"r\",le=\"0.0005\"} 1\n"
        "took_seconds_bucket{route=\"r\",le=\"0.001\"} 1\n"
        "took_seconds_bucket{route=\"r\",le=\"0.0025\"} 2\n"
        "took_seconds_bucket{route=\"r\",le=\"0.005\"} 2\n"
        "took_seconds_bucket{route=\"r\",le=\"0.01\"} 2\n"
        "took_seconds_bucket{route=\"r\",le=\"0.025\"} 2\n"
        "took_seconds_bucket{route=\"r\",le=\"0.05\"} 2\n"
        "took_seconds_bucket{route=\"r\",le=\"0.1\"} 2\n"
        "took_seconds_bucket{route=\"r\",le=\"0.25\"} 2\n"
        "took_seconds_bucket{route=\"r\",le=\"0.5\"} 2\n"
        "took_seconds_bucket{route=\"r\",le=\"1\"} 2\n"
        "took_seconds_bucket{route=\"r\",le=\"2.5\"} 2\n"
        "took_seconds_bucket{route=\"r\",le=\"5\"} 2\n"
        "took_seconds_bucket{route=\"r\",le=\"10\"} 2\n"
        "took_seconds_bucket{route=\"r\",le=\"+Inf\"} 3\n"
        "took_seconds_sum{route=\"r\"} 60.00205\n"
        "took_seconds_count{route=\"r\"} 3\n");
}

#include <csignal>
#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/plugin/reloads/trial_report.h>

namespace aiopyr::plugin {
namespace {

TEST_CASE("The last words of a program are the last line of ours, else the last line") {
  CHECK(last_words("").empty());
  CHECK(last_words("\n\n").empty());
  CHECK(last_words("one\ntwo") == "two");
  CHECK(last_words("one\ntwo\n\n") == "two");
  CHECK(last_words("[aiopyr] one\n[aiopyr] two\nthree\n") == "two");
  CHECK(last_words("Tue Dec  1 09:00:00 2026 - [aiopyr] one\nVACUUM\n") == "one");
}

TEST_CASE("Of a long output the end is kept") {
  TrialReport report;
  report.append("begin");
  CHECK(std::string_view(report.output.data(), report.size) == "begin");
  report.append(std::string(report.output.size() - 5, 'x'));
  CHECK(report.size == report.output.size());
  report.append("end");
  CHECK(std::string_view(report.output.data(), 2) == "in");
  CHECK(std::string_view(report.output.data(), report.size).ends_with("xend"));
  report.append(std::string(2 * report.output.size(), 'y') + "z");
  CHECK(std::string_view(report.output.data(), report.size) ==
        std::string(report.output.size() - 1, 'y') + "z");
}

TEST_CASE("A reason says how a program has ended") {
  TrialReport report;
  report.end = TrialReport::End::kExited;
  CHECK(reason_of(report).empty());
  report.value = 3;
  CHECK(reason_of(report) == "it has ended with 3");
  report.append("before\n[aiopyr] app x.so: broken\n");
  CHECK(reason_of(report) == "app x.so: broken");
  report.end = TrialReport::End::kKilled;
  report.value = SIGSEGV;
  CHECK(reason_of(report) == "it has died of signal 11 (SEGV); its last line is: app x.so: broken");
  report.end = TrialReport::End::kTimeIsOver;
  report.size = 0;
  CHECK(reason_of(report) == "it has not ended in time");
}

}  // namespace
}  // namespace aiopyr::plugin

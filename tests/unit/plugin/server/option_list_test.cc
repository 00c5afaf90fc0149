#include <catch2/catch.hpp>

#include <aiopyr/plugin/server/option_list.h>

namespace aiopyr::plugin {
namespace {

TEST_CASE("A misspelt option is named, with the one that may be meant") {
  CHECK(complaint_about_name("aiopyr-qeue") ==
        "there is no option aiopyr-qeue; is 'aiopyr-queue' meant?");
  CHECK(complaint_about_name("aiopyr-ping-interval") == "there is no option aiopyr-ping-interval");
}

TEST_CASE("Options that are there, and those of others, are left alone") {
  for (const ListedOption& option : option_list()) CHECK(complaint_about_name(option.name).empty());
  CHECK(complaint_about_name("http-socket").empty());
  CHECK(complaint_about_name("aiopyramid-x").empty());
  CHECK(complaint_about_name("").empty());
}

}  // namespace
}  // namespace aiopyr::plugin

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/config/actions.h>

using namespace aiopyr;
using Catch::Matchers::Contains;
using detail::Action;
using detail::Actions;
using detail::Phase;

namespace {

struct Recorder {
  void add(const std::string& discriminator, const std::string& value,
           std::vector<int> include_path = {}, Phase phase = Phase::kViews,
           std::source_location where = std::source_location::current()) {
    actions.add({[discriminator] { return discriminator; }, std::move(include_path), where, phase,
                 [this, value] { done.push_back(value); }});
  }
  std::vector<std::string> committed() {
    actions.commit();
    return done;
  }

  Actions actions;
  std::vector<std::string> done;
};

using Values = std::vector<std::string>;

}  // namespace

TEST_CASE("actions are carried out phase by phase and in the order of asking within one") {
  Recorder recorder;
  recorder.add("v1", "v1");
  recorder.add("r1", "r1", {}, Phase::kRoutes);
  recorder.add("v0", "v0");
  recorder.add("s", "s", {}, Phase::kSettings);
  recorder.add("r0", "r0", {}, Phase::kRoutes);
  CHECK(recorder.committed() == Values{"s", "r1", "r0", "v1", "v0"});
}

TEST_CASE("nothing is carried out twice") {
  Recorder recorder;
  recorder.add("a", "a");
  recorder.actions.commit();
  recorder.add("b", "b");
  CHECK(recorder.committed() == Values{"a", "b"});
}

TEST_CASE("the same thing asked for twice is a conflict that names both places") {
  Recorder recorder;
  recorder.add("a", "1");
  const auto first = std::to_string(__LINE__ - 1);
  recorder.add("a", "2");
  const auto second = std::to_string(__LINE__ - 1);
  const std::string error = configuration_error_of([&] { recorder.actions.commit(); });
  CHECK_THAT(error, Contains("actions_test.cc:" + first));
  CHECK_THAT(error, Contains("actions_test.cc:" + second));
  CHECK(recorder.done.empty());
}

TEST_CASE("who includes overrides what is included, whichever comes first") {
  Recorder recorder;
  recorder.add("a", "included", {1});
  recorder.add("a", "includer");
  recorder.add("b", "includer's");
  recorder.add("b", "included", {1, 2});
  CHECK(recorder.committed() == Values{"includer", "includer's"});
}

TEST_CASE("two includes conflict with each other unless their includer decides") {
  Recorder conflict;
  conflict.add("a", "1", {1});
  conflict.add("a", "2", {2, 3});
  CHECK_THROWS_AS(conflict.actions.commit(), ConfigurationError);

  Recorder decided;
  decided.add("a", "1", {1});
  decided.add("a", "2", {2});
  decided.add("a", "mine");
  CHECK(decided.committed() == Values{"mine"});
}

TEST_CASE("an error of an action says where it was asked for") {
  Actions actions;
  const auto where = std::source_location::current();
  actions.add({[] { return "view 'a'"; },
               {},
               where,
               Phase::kViews,
               [] { throw ConfigurationError("no good"); }});
  const std::string error = configuration_error_of([&] { actions.commit(); });
  CHECK_THAT(error, Contains("actions_test.cc:" + std::to_string(where.line())));
  CHECK_THAT(error, Contains("view 'a': no good"));
}

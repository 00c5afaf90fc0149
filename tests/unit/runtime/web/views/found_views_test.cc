#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/views/found_views.h>
#include <aiopyr/runtime/web/views/view_table.h>

using namespace aiopyr;

TEST_CASE("found views keep their order, however many there are", "[web][found_views]") {
  const std::vector<MultiView> views(9);
  detail::FoundViews found;
  CHECK(found.empty());
  for (std::size_t count = 1; count <= views.size(); ++count) {
    found.push_back(&views[count - 1]);
    const std::vector<const MultiView*> all(found.begin(), found.end());
    REQUIRE(all.size() == count);
    for (std::size_t i = 0; i < count; ++i) CHECK(all[i] == &views[i]);
  }
  CHECK_FALSE(found.empty());
}

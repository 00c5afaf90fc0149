#include <stdexcept>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/context/class_lineage.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>

using namespace aiopyr;
using detail::class_lineage;

namespace {

struct Alone {
  virtual ~Alone() = default;
};
struct Base {
  virtual ~Base() = default;
};
struct Left : virtual Base {};
struct Right : virtual Base {};
struct Bottom : Left, Right {};
struct Hidden : private Alone, public Base {};

using Types = std::vector<const std::type_info*>;

std::ptrdiff_t place_of(const Types& types, const std::type_info& type) {
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (*types[i] == type) return static_cast<std::ptrdiff_t>(i);
  }
  return -1;
}

}  // namespace

TEST_CASE("a class without bases has only itself") {
  CHECK(class_lineage(typeid(Alone)) == Types{&typeid(Alone)});
  CHECK(class_lineage(typeid(int)) == Types{&typeid(int)});
}

TEST_CASE("bases come behind what is derived from them, in the order of their declaration") {
  CHECK(class_lineage(typeid(Bottom)) ==
        Types{&typeid(Bottom), &typeid(Left), &typeid(Right), &typeid(Base)});
}

TEST_CASE("private bases are nobody's business") {
  CHECK(class_lineage(typeid(Hidden)) == Types{&typeid(Hidden), &typeid(Base)});
}

TEST_CASE("exceptions are known by their classes up to std::exception") {
  const Types& types = class_lineage(typeid(HTTPNotFound));
  CHECK(place_of(types, typeid(HTTPNotFound)) == 0);
  CHECK(place_of(types, typeid(HTTPClientError)) > 0);
  CHECK(place_of(types, typeid(HttpException)) > place_of(types, typeid(HTTPError)));
  CHECK(place_of(types, typeid(std::exception)) > place_of(types, typeid(HttpException)));
}

#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/intrusive_list.h>

using aiopyr::IntrusiveList;
using aiopyr::ListHook;

namespace {

struct Item : ListHook {
  explicit Item(int n) : number(n) {}
  int number;
};

std::vector<int> numbers(IntrusiveList<Item>& list) {
  std::vector<int> seen;
  list.for_each([&](Item& item) { seen.push_back(item.number); });
  return seen;
}

}  // namespace

TEST_CASE("an intrusive list keeps the order of insertion") {
  IntrusiveList<Item> list;
  Item one(1), two(2), three(3);
  list.push_back(one);
  list.push_back(two);
  list.push_back(three);
  CHECK(numbers(list) == std::vector{1, 2, 3});
  CHECK(&list.pop_front() == &one);
  CHECK(!one.is_linked());
  CHECK(numbers(list) == std::vector{2, 3});
}

TEST_CASE("an element that is added again moves to the end, also out of another list") {
  IntrusiveList<Item> first;
  IntrusiveList<Item> second;
  Item one(1), two(2);
  first.push_back(one);
  first.push_back(two);
  first.push_back(one);
  CHECK(numbers(first) == std::vector{2, 1});
  second.push_back(two);
  CHECK(numbers(first) == std::vector{1});
  CHECK(numbers(second) == std::vector{2});
}

TEST_CASE("an element that is destroyed leaves its list") {
  IntrusiveList<Item> list;
  Item one(1), three(3);
  {
    Item two(2);
    list.push_back(one);
    list.push_back(two);
    list.push_back(three);
  }
  CHECK(numbers(list) == std::vector{1, 3});
}

TEST_CASE("a list that is destroyed leaves its elements unlinked") {
  Item one(1);
  {
    IntrusiveList<Item> list;
    list.push_back(one);
    CHECK(one.is_linked());
  }
  CHECK(!one.is_linked());
}

TEST_CASE("splice_back moves everything, into empty and filled lists, and leaves nothing behind") {
  IntrusiveList<Item> from;
  IntrusiveList<Item> to;
  Item one(1), two(2), three(3);
  to.splice_back(from);
  CHECK(to.empty());
  from.push_back(one);
  to.splice_back(from);
  CHECK(from.empty());
  from.push_back(two);
  from.push_back(three);
  to.splice_back(from);
  CHECK(numbers(to) == std::vector{1, 2, 3});
  CHECK(from.empty());
}

TEST_CASE("for_each may unlink the element that it is at") {
  IntrusiveList<Item> list;
  Item one(1), two(2);
  list.push_back(one);
  list.push_back(two);
  list.for_each([](Item& item) { item.unlink(); });
  CHECK(list.empty());
}

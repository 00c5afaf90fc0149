#include <catch2/catch.hpp>

#include "tests/unit/support/tree.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/context/resource.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

std::string parent_error(const Resource& resource) {
  try {
    static_cast<void>(resource.parent());
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a root has no parent and no name", "[web][resource]") {
  const auto root = std::make_shared<Resource>();
  CHECK(root->name().empty());
  CHECK(root->parent() == nullptr);
  CHECK_FALSE(root->has_parent());
}

TEST_CASE("a child knows its parent and does not own it", "[web][resource]") {
  auto root = std::make_shared<Node>();
  const auto child = std::make_shared<Resource>("cat", *root);
  CHECK(child->name() == "cat");
  CHECK(child->parent() == root);
  CHECK(root.use_count() == 1);
}

TEST_CASE("a parent that has been destroyed is an error and not a root", "[web][resource]") {
  auto root = std::make_shared<Node>();
  const auto child = std::make_shared<Resource>("cat", *root);
  root.reset();
  CHECK(child->has_parent());
  CHECK_THAT(parent_error(*child), Contains("'cat'") && Contains("destroyed"));
}

TEST_CASE("a parent that no shared_ptr owns is an error that says what to do", "[web][resource]") {
  Node root;
  const Resource child("cat", root);
  CHECK_THAT(parent_error(child), Contains("'cat'") && Contains("std::make_shared"));
}

TEST_CASE("a location can be set later", "[web][resource]") {
  const auto root = std::make_shared<Resource>();
  const auto child = std::make_shared<Resource>();
  child->set_location("cat", *root);
  CHECK(child->name() == "cat");
  CHECK(child->parent() == root);
}

TEST_CASE("no resource gets a parent that lies inside of it", "[web][resource]") {
  const auto root = std::make_shared<Node>();
  Node& inner = root->add("a").add("b");
  CHECK_THROWS_AS(root->set_location("x", inner), Error);
  CHECK_THROWS_AS(root->set_location("x", *root), Error);
  CHECK(root->parent() == nullptr);
}

TEST_CASE("a class that does not say otherwise has no children", "[web][resource]") {
  CHECK(std::make_shared<Resource>()->getitem("cat") == nullptr);
}

#include <catch2/catch.hpp>

#include "tests/unit/support/tree.h"
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/traversal/traversal.h>
#include <aiopyr/runtime/web/traversal/traverser.h>

namespace traversal_test {

using namespace aiopyr;
using Catch::Matchers::Contains;
using Segments = std::vector<std::string>;

// Aiopyramid's tests of traversal (tests/test_traversal.py), under their names.
namespace {

struct DummyResource : Resource {
  using Resource::Resource;

  std::shared_ptr<Resource> getitem(std::string_view key) override {
    static const auto look_up = synchronize(&DummyResource::look_up);
    return look_up(this, std::string(key));
  }

  Task<std::shared_ptr<Resource>> look_up(std::string key) {
    co_await sleep(0.1);
    const auto child = children.find(key);
    co_return child == children.end() ? nullptr : child->second;
  }

  void add_child(const std::string& name) {
    children[name] = std::make_shared<DummyResource>(name, *this);
  }

  std::map<std::string, std::shared_ptr<DummyResource>> children;
};

struct AsyncTree {
  AsyncTree() { root->add_child("cat"); }

  Traversal traverse_on_fiber(const Segments& path) {
    return run_until_complete(spawn_fiber([&] { return traverse(*root, path); }));
  }

  TestLoop loop;
  std::shared_ptr<DummyResource> root = std::make_shared<DummyResource>("root");
};

}  // namespace

TEST_CASE("traversal: async_traversed_length", "[web][traversal]") {
  AsyncTree tree;
  const TimePoint start = tree.loop.now();
  CHECK(tree.traverse_on_fiber({"cat"}).traversed.size() == 1);
  CHECK(tree.loop.now() - start == std::chrono::milliseconds(100));
}

TEST_CASE("traversal: async_root", "[web][traversal]") {
  AsyncTree tree;
  const Traversal out = tree.traverse_on_fiber({""});
  CHECK(out.root == out.context);
  CHECK(out.root == tree.root);
}

TEST_CASE("traversal: async_depth", "[web][traversal]") {
  AsyncTree tree;
  const Traversal cat = tree.traverse_on_fiber({"cat"});
  dynamic_cast<DummyResource&>(*cat.context).add_child("dog");
  CHECK(tree.traverse_on_fiber({"cat", "dog"}).traversed == Segments{"cat", "dog"});
}

TEST_CASE("traversal: async_view_name", "[web][traversal]") {
  AsyncTree tree;
  const Traversal out = tree.traverse_on_fiber({"cat", "mouse"});
  CHECK(out.traversed == Segments{"cat"});
  CHECK(out.view_name == "mouse");
}

namespace {

struct Tree {
  std::shared_ptr<Node> root = std::make_shared<Node>();
  Node& a = root->add("a");
  Node& b = a.add("b c");
};

}  // namespace

TEST_CASE("a path leads as far as there are children, and the rest is view name and subpath",
          "[web][traversal]") {
  Tree tree;
  const Traversal found = traverse(*tree.root, "/a/edit/x/y");
  CHECK(found.context.get() == &tree.a);
  CHECK(found.view_name == "edit");
  CHECK(found.subpath == Segments{"x", "y"});
  CHECK(found.traversed == Segments{"a"});
  CHECK(found.root == tree.root);
  CHECK(found.virtual_root == tree.root);
}

TEST_CASE("a segment with @@ is a view's name and no child is asked for", "[web][traversal]") {
  Tree tree;
  const Traversal found = traverse(*tree.root, "/a/@@b c/x");
  CHECK(found.context.get() == &tree.a);
  CHECK(found.view_name == "b c");
  CHECK(found.subpath == Segments{"x"});
  CHECK(tree.a.asked.empty());
}

TEST_CASE("a resource without children ends the way", "[web][traversal]") {
  const auto root = std::make_shared<Resource>();
  const Traversal found = traverse(*root, "/x/y");
  CHECK(found.context == root);
  CHECK(found.view_name == "x");
  CHECK(found.subpath == Segments{"y"});
}

TEST_CASE("empty segments, dots and double dots are resolved before the walk", "[web][traversal]") {
  Tree tree;
  CHECK(traverse(*tree.root, "//a/./x/../b%20c//").context.get() == &tree.b);
  CHECK(traverse(*tree.root, "/../../a").context.get() == &tree.a);
}

TEST_CASE("a relative path starts at the resource and an absolute one at its root",
          "[web][traversal]") {
  Tree tree;
  CHECK(traverse(tree.a, "b%20c").context.get() == &tree.b);
  CHECK(traverse(tree.b, "/a").context.get() == &tree.a);
  CHECK(traverse(tree.b, {"", "a"}).context.get() == &tree.a);
  CHECK(traverse(tree.a, {"b c"}).context.get() == &tree.b);
  CHECK(traverse(tree.b, "").context.get() == &tree.b);
}

TEST_CASE("a text path that is not percent-encoded UTF-8 is refused", "[web][traversal]") {
  Tree tree;
  CHECK_THROWS_AS(traverse(*tree.root, "/%zz"), HTTPBadRequest);
  CHECK_THROWS_AS(traverse(*tree.root, "/%ff"), HTTPBadRequest);
}

namespace {

/// Makes its children anew for each request, without a location.
struct Maker : Resource {
  using Resource::Resource;
  std::shared_ptr<Resource> getitem(std::string_view) override { return std::make_shared<Maker>(); }
};

/// A traverser whose context is this object, whatever the path.
struct Itself : Resource {
  std::shared_ptr<Resource> getitem(std::string_view) override { return shared_from_this(); }
};

}  // namespace

TEST_CASE("a child that comes without a location gets one, and its ancestors stay as long as it",
          "[web][traversal]") {
  std::shared_ptr<Resource> context;
  const auto root = std::make_shared<Maker>();
  context = traverse(*root, "/a/b/c").context;
  CHECK(resource_path(*context) == "/a/b/c");
  CHECK(find_root(*context) == root);
}

TEST_CASE("a child that has a location keeps it", "[web][traversal]") {
  const auto elsewhere = std::make_shared<Node>();
  const auto root = std::make_shared<Node>();
  elsewhere->add("x");
  root->children["y"] = elsewhere->children["x"];
  CHECK(resource_path(*traverse(*root, "/y").context) == "/x");
}

TEST_CASE("a resource that is its own child stays a root", "[web][traversal]") {
  const auto root = std::make_shared<Itself>();
  const Traversal found = traverse(*root, "/a/b");
  CHECK(found.context == root);
  CHECK(found.traversed == Segments{"a", "b"});
  CHECK(root->parent() == nullptr);
}

TEST_CASE("find_resource gives the resource of a path or says what has no such child",
          "[web][traversal]") {
  Tree tree;
  CHECK(find_resource(*tree.root, resource_path(tree.b)).get() == &tree.b);
  CHECK(find_resource(tree.b, resource_path_tuple(tree.a)).get() == &tree.a);
  CHECK_THROWS_AS(find_resource(*tree.root, "/a/none"), KeyError);
  CHECK_THROWS_WITH(find_resource(*tree.root, "/a/none"), Contains("'/a'") && Contains("'none'"));
}

TEST_CASE("resource_path is quoted and its tuple is not", "[web][traversal]") {
  Tree tree;
  CHECK(resource_path(*tree.root) == "/");
  CHECK(resource_path(tree.b) == "/a/b%20c");
  CHECK(resource_path(tree.b, {"d/e", "\xc3\xa9"}) == "/a/b%20c/d%2Fe/%C3%A9");
  CHECK(resource_path_tuple(*tree.root) == Segments{""});
  CHECK(resource_path_tuple(tree.b, {"z"}) == Segments{"", "a", "b c", "z"});
}

TEST_CASE("lineage goes from the resource to the root", "[web][traversal]") {
  Tree tree;
  const auto line = lineage(tree.b);
  REQUIRE(line.size() == 3);
  CHECK(line[0].get() == &tree.b);
  CHECK(line[1].get() == &tree.a);
  CHECK(line[2] == tree.root);
}

TEST_CASE("lineage fails where an ancestor is gone", "[web][traversal]") {
  auto root = std::make_shared<Node>();
  root->add("a");
  const auto a = root->children["a"];
  root.reset();
  CHECK_THROWS_AS(lineage(*a), Error);
  CHECK_THROWS_AS(resource_path(*a), Error);
}

TEST_CASE("inside is true of a resource and all of its ancestors", "[web][traversal]") {
  Tree tree;
  CHECK(inside(tree.b, tree.b));
  CHECK(inside(tree.b, *tree.root));
  CHECK_FALSE(inside(tree.a, tree.b));
}

TEST_CASE("find_interface finds the nearest ancestor of a class", "[web][traversal]") {
  struct Shelf {
    virtual ~Shelf() = default;
  };
  struct ShelfNode : Node, Shelf {
    using Node::Node;
  };
  const auto root = std::make_shared<Node>();
  const auto shelf = std::make_shared<ShelfNode>("shelf", *root);
  const auto book = std::make_shared<Node>("book", *shelf);
  CHECK(find_interface<Shelf>(*book) == shelf);
  CHECK(find_interface<Node>(*book) == book);
  CHECK(find_interface<Shelf>(*root) == nullptr);
}

}  // namespace traversal_test

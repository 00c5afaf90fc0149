#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/context/resource.h>
#include <aiopyr/runtime/web/security/authorization.h>

using namespace aiopyr;

namespace {

/// A root, a blog in it, and a post in that.
struct Tree {
  std::shared_ptr<Resource> owned_root = std::make_shared<Resource>();
  Resource& root = *owned_root;
  std::shared_ptr<Resource> owned_blog = std::make_shared<Resource>("blog", root);
  Resource& blog = *owned_blog;
  std::shared_ptr<Resource> owned_post = std::make_shared<Resource>("post", blog);
  Resource& post = *owned_post;
};

PermitsResult permits(Resource& context, const Principals& principals,
                      std::string_view permission) {
  return ACLAuthorizationPolicy().permits(&context, principals, permission);
}

Acl only(std::string principal) { return {{kAllow, std::move(principal), "view"}, kDenyAll}; }

Task<Acl> acl_from_database() {
  co_await sleep(0.1);
  co_return only("bob");
}

/// A resource whose ACL needs the object and the loop, as a synchronized member.
class Page : public Resource {
 public:
  explicit Page(std::string owner) : owner_(std::move(owner)) {}
  std::optional<Acl> acl() override { return synchronize(&Page::load_acl)(*this); }

 private:
  Task<Acl> load_acl() {
    co_await sleep(0.1);
    co_return only(owner_);
  }
  std::string owner_;
};

}  // namespace

TEST_CASE("the first entry that has a principal and the permission decides") {
  Tree tree;
  tree.blog.set_acl({{kAllow, "other", "view"},
                     {kAllow, "bob", {"read", "view"}},
                     {kDeny, "bob", "view"},
                     {kDeny, kEveryone, "edit"},
                     {kAllow, "bob", kAllPermissions}});
  CHECK(permits(tree.blog, {kEveryone, "bob"}, "view"));
  CHECK_FALSE(permits(tree.blog, {kEveryone, "bob"}, "edit"));
  CHECK(permits(tree.blog, {kEveryone, "bob"}, "whatever"));
  CHECK_FALSE(permits(tree.blog, {kEveryone}, "view"));
}

TEST_CASE("what no entry decides is asked of the parents, and denied in the end") {
  Tree tree;
  tree.root.set_acl({{kAllow, kEveryone, "view"}});
  tree.post.set_acl({{kAllow, "bob", "edit"}});
  CHECK(permits(tree.post, {kEveryone}, "view"));
  CHECK(permits(tree.post, {kEveryone, "bob"}, "edit"));
  CHECK_FALSE(permits(tree.blog, {kEveryone, "bob"}, "edit"));
  tree.post.set_acl({{kAllow, "bob", "edit"}, kDenyAll});
  CHECK_FALSE(permits(tree.post, {kEveryone}, "view"));
}

TEST_CASE("an empty ACL is one that decides nothing") {
  Tree tree;
  tree.post.set_acl(Acl{});
  const PermitsResult result = permits(tree.post, {kEveryone}, "view");
  CHECK_FALSE(result);
  CHECK(result.acl() == Acl{});
}

TEST_CASE("a result carries what decided, and says so in Pyramid's words") {
  Tree tree;
  tree.blog.set_acl({{kDeny, "ann", "view"}, {kAllow, "bob", {"view", "edit"}}});
  const PermitsResult allowed = permits(tree.post, {kEveryone, "bob"}, "view");
  REQUIRE(allowed);
  CHECK(allowed.is_acl_result());
  CHECK(allowed.ace() == Ace{kAllow, "bob", {"view", "edit"}});
  CHECK(allowed.acl()->size() == 2);
  CHECK(allowed.permission() == "view");
  CHECK(allowed.principals() == Principals{kEveryone, "bob"});
  CHECK(allowed.context() == &tree.blog);
  CHECK(allowed.msg() ==
        "ACLAllowed permission 'view' via ACE ('Allow', 'bob', ('view', 'edit')) in ACL [('Deny', "
        "'ann', 'view'), ('Allow', 'bob', ('view', 'edit'))] on context <aiopyr::Resource 'blog'> "
        "for principals ['system.Everyone', 'bob']");
}

TEST_CASE("a default denial has no entry, and the context that was asked about") {
  Tree tree;
  const PermitsResult nothing = permits(tree.post, {kEveryone}, "view");
  CHECK_FALSE(nothing);
  CHECK_FALSE(nothing.ace());
  CHECK_FALSE(nothing.acl());
  CHECK(nothing.context() == &tree.post);
  CHECK(nothing.msg() ==
        "ACLDenied permission 'view' via ACE '<default deny>' in ACL '<No ACL found on any object "
        "in resource lineage>' on context <aiopyr::Resource 'post'> for principals "
        "['system.Everyone']");
  tree.root.set_acl({kDenyAll});
  CHECK_THAT(permits(tree.post, {kEveryone}, "view").msg(),
             Catch::Matchers::Contains("('Deny', 'system.Everyone', ALL_PERMISSIONS)"));
}

TEST_CASE("without a context nothing is allowed") {
  CHECK_FALSE(ACLHelper().permits(nullptr, {kEveryone}, "view"));
}

TEST_CASE("an ACL may be a callable, with the resource or without") {
  Tree tree;
  int calls = 0;
  tree.root.set_acl([&calls] {
    ++calls;
    return Acl{{kAllow, kEveryone, "view"}};
  });
  tree.post.set_acl([](Resource& self) { return Acl{{kAllow, "owner:" + self.name(), "edit"}}; });
  CHECK(permits(tree.post, {kEveryone, "owner:post"}, "edit"));
  CHECK(calls == 0);
  CHECK(permits(tree.post, {kEveryone}, "view"));
  CHECK(permits(tree.post, {kEveryone}, "view"));
  CHECK(calls == 2);
  tree.post.set_acl([]() -> std::optional<Acl> { return std::nullopt; });
  CHECK(permits(tree.post, {kEveryone}, "view").context() == &tree.root);
}

TEST_CASE("an ACL may be a synchronized coroutine, or a member of the resource that is one") {
  TestLoop loop;
  Resource resource;
  resource.set_acl(synchronize(acl_from_database));
  Page page("ann");
  run_until_complete(spawn_fiber([&] {
    CHECK(permits(resource, {kEveryone, "bob"}, "view"));
    CHECK_FALSE(permits(resource, {kEveryone, "ann"}, "view"));
    CHECK(permits(page, {kEveryone, "ann"}, "view"));
    CHECK_FALSE(permits(page, {kEveryone, "bob"}, "view"));
  }));
  CHECK_THROWS_AS(permits(resource, {kEveryone}, "view"), ScopeError);
}

TEST_CASE("what an ACL throws goes on") {
  Resource resource;
  resource.set_acl([]() -> Acl { throw std::domain_error("no database"); });
  CHECK_THROWS_WITH(permits(resource, {kEveryone}, "view"), "no database");
}

TEST_CASE("a resource whose parent is gone permits nothing: its ACL might be missed") {
  Tree tree;
  tree.post.set_acl({{kAllow, kEveryone, "view"}});
  tree.owned_blog.reset();
  CHECK_THROWS_AS(permits(tree.post, {kEveryone}, "view"), Error);
}

TEST_CASE("the principals that have a permission are those of the whole lineage") {
  Tree tree;
  tree.root.set_acl({{kAllow, "ann", "view"}, {kAllow, "bob", "view"}, {kAllow, "eve", "edit"}});
  tree.blog.set_acl({{kDeny, "bob", "view"}, {kAllow, "bob", "view"}, {kAllow, "joe", "view"}});
  const ACLHelper helper;
  using Names = std::set<std::string>;
  CHECK(helper.principals_allowed_by_permission(&tree.post, "view") == Names{"ann", "joe"});
  tree.post.set_acl({{kAllow, "sue", "view"}, kDenyAll, {kAllow, "late", "view"}});
  CHECK(helper.principals_allowed_by_permission(&tree.post, "view") == Names{"sue"});
}

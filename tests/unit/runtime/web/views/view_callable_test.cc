#include <map>
#include <memory>

#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

namespace view_callable_test {

using namespace aiopyr;

namespace {

struct Book : Resource {
  std::string title = "Emma";
};
struct Shelf : Resource {};

Response free_view(Request& request) { return Response("free " + std::string(request.method())); }
Response context_view(Resource& context, Request&) { return Response("[" + context.name() + "]"); }
std::string book_view(const Book& book, Request&) { return book.title; }
Task<std::string> book_coroutine(Book& book, Request&) {
  co_await sleep(0.1);
  co_return book.title;
}

/// Counts its objects, to check how long each is kept.
struct Views {
  explicit Views(Request& r) : request(r) { ++alive; }
  Views(const Views&) = delete;
  Views& operator=(const Views&) = delete;
  ~Views() { --alive; }

  Response plain() { return Response("plain " + std::to_string(alive)); }
  Task<Response> coroutine() {
    co_await sleep(1.0);
    co_return Response("coroutine " + std::to_string(alive));
  }
  Response operator()() const { return Response("called"); }

  static inline int alive = 0;
  Request& request;
};
struct DerivedViews : Views {
  using Views::Views;
};
struct BookViews {
  BookViews(Book& b, Request&) : book(b) {}
  std::string title() const { return book.title; }
  Book& book;
};
struct AggregateViews {
  Resource& context;
  Request& request;
  Task<Response> home() { co_return Response(std::string(request.method())); }
};
struct ViewsOnFiber {
  explicit ViewsOnFiber(Request&) {}
  std::string where() { return std::string(to_string(current_context())); }
  static MapperRef view_mapper() { return FiberMapper{}; }
};

template <class... F>
std::string body_of(std::shared_ptr<Resource> root, F... view) {
  TestApp app;
  app.config.set_root_factory([root](Request&) { return root; });
  app.config.add_view(view..., {.renderer = "string"});
  const Response response = app.get("/");
  return response.status_code() == 200 ? response.body() : response.status();
}
template <class F>
std::string body_of(F view) {
  return body_of(std::make_shared<Resource>("root"), view);
}

}  // namespace

TEST_CASE("a view is a function or a lambda of the request") {
  CHECK(body_of(free_view) == "free GET");
  const std::string captured = "captured";
  CHECK(body_of([captured](Request&) { return Response(captured); }) == "captured");
  CHECK(body_of([](auto& request) { return Response(std::string(request.method())); }) == "GET");
}

TEST_CASE("a coroutine lambda keeps its captures while it waits") {
  const std::string captured(100, 'x');
  CHECK(body_of([captured](Request&) -> Task<std::string> {
          co_await sleep(0.1);
          co_return captured;
        }) == captured);
}

TEST_CASE("a view may hold what cannot be copied") {
  TestApp app;
  auto value = std::make_unique<std::string>("owned");
  app.config.add_view([value = std::move(value)](Request&) { return Response(*value); });
  CHECK(app.get("/").body() == "owned");
}

TEST_CASE("a view may take the context first, as any resource or as one class of them") {
  CHECK(body_of(context_view) == "[root]");
  CHECK(body_of([](Resource* context, Request&) { return context->name(); }) == "root");
  CHECK(body_of(std::make_shared<Book>(), book_view) == "Emma");
  CHECK(body_of(std::make_shared<Book>(), book_coroutine) == "Emma");
}

TEST_CASE("a context of another class than the view takes is not found") {
  CHECK(body_of(std::make_shared<Shelf>(), book_view) == "404 Not Found");
  CHECK(body_of(std::make_shared<Shelf>(), book_coroutine) == "404 Not Found");
  CHECK(body_of(std::make_shared<Shelf>(), &BookViews::title) == "404 Not Found");
}

TEST_CASE("a view gives a response, text, or whatever JSON can be made of") {
  const auto as_json = [](auto view) {
    TestApp app;
    app.config.add_view(view, {.renderer = "json"});
    return app.get("/").body();
  };
  CHECK(as_json([](Request&) { return Json{{"a", 1}}; }) == R"({"a":1})");
  CHECK(as_json([](Request&) { return std::string("t"); }) == R"("t")");
  CHECK(as_json([](Request&) { return "literal"; }) == R"("literal")");
  CHECK(as_json([](Request&) { return std::map<std::string, int>{{"b", 2}}; }) == R"({"b":2})");
  CHECK(as_json([](Request&) { return 0.1; }) == "0.1");
  CHECK(as_json([](Request&) -> Task<std::vector<int>> {
          co_return std::vector{1, 2};
        }) == "[1,2]");
  CHECK(as_json([](Request&) -> ViewResult { return Response("chosen"); }) == "chosen");
  CHECK(as_json([](Request&) -> ViewResult { return Json("chosen"); }) == R"("chosen")");
}

TEST_CASE("an HTTP exception may be given back as well as thrown") {
  TestApp app;
  app.config.add_view([](Request&) { return HTTPFound("/there"); });
  const Response response = app.get("/");
  CHECK(response.status_code() == 302);
  CHECK(response.location() == "/there");
}

TEST_CASE("a class view has an object for each call, kept until its method has ended") {
  CHECK(body_of(&Views::plain) == "plain 1");
  CHECK(body_of(&Views::coroutine) == "coroutine 1");
  CHECK(Views::alive == 0);
}

TEST_CASE("a class view is made with the context and the request where it takes both") {
  CHECK(body_of(std::make_shared<Book>(), &BookViews::title) == "Emma");
  CHECK(body_of(&AggregateViews::home) == "GET");
}

TEST_CASE("a class may itself be the view, and may inherit its method") {
  TestApp app;
  app.config.add_view<Views>({.name = "called"});
  app.config.add_view<DerivedViews>(&DerivedViews::plain, {.name = "inherited"});
  CHECK(app.get("/called").body() == "called");
  CHECK(app.get("/inherited").body() == "plain 1");
}

TEST_CASE("a class may name its mapper, and a registration overrides it") {
  CHECK(body_of(&ViewsOnFiber::where) == "fiber");
  TestApp app;
  app.config.add_view(&ViewsOnFiber::where, {.renderer = "string", .mapper = ExecutorMapper{}});
  CHECK(app.get("/").body() == "executor");
}

TEST_CASE("what is no view is told apart when it is compiled") {
  STATIC_REQUIRE(Viewable<decltype(&free_view)>);
  STATIC_REQUIRE_FALSE(Viewable<void (*)(Request&)>);
  STATIC_REQUIRE_FALSE(Viewable<Task<> (*)(Request&)>);
  STATIC_REQUIRE_FALSE(Viewable<Response (*)(int)>);
  STATIC_REQUIRE_FALSE(Viewable<Response (*)(Request)>);
  STATIC_REQUIRE_FALSE(Viewable<void (Views::*)()>);
  STATIC_REQUIRE_FALSE(Viewable<ViewClass<Book>>);
}

}  // namespace view_callable_test

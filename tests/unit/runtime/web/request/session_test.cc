#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/request/session.h>

using namespace aiopyr;

namespace {

/// Counts its calls.
class CountingSession : public Session {
 public:
  explicit CountingSession(Json data = Json::object()) : Session(std::move(data), 1.5, true) {}
  void changed() override { ++changes; }
  int changes = 0;
  int accesses = 0;

 private:
  void accessed() override { ++accesses; }
};

}  // namespace

TEST_CASE("reading a session is an access and no change") {
  CountingSession session(Json{{"n", 1}, {"s", "text"}});
  CHECK(session.contains("n"));
  CHECK_FALSE(session.contains("m"));
  CHECK(*session.find("n") == 1);
  CHECK(session.find("m") == nullptr);
  CHECK(session.at("s") == "text");
  CHECK(session.get("m") == nullptr);
  CHECK(session.get("m", 5) == 5);
  CHECK(session.get<int>("n", 0) == 1);
  CHECK(session.get<int>("s", 7) == 7);
  CHECK(session.get("m", "none") == "none");
  CHECK(session.size() == 2);
  CHECK_FALSE(session.empty());
  CHECK(session.items().dump() == R"({"n":1,"s":"text"})");
  CHECK_THROWS_WITH(session.at("m"), "The session has no 'm'.");
  CHECK(session.accesses == 14);
  CHECK(session.changes == 0);
  CHECK(session.is_new());
  CHECK(session.created() == 1.5);
}

TEST_CASE("each way of writing to a session is a change") {
  CountingSession session;
  session["a"] = 1;
  CHECK(session.changes == 1);
  CHECK(session.setdefault("a", 2) == 1);
  CHECK(session.setdefault("b", 2) == 2);
  CHECK(session.changes == 3);
  session.update(Json{{"b", 3}, {"c", 4}});
  CHECK(session.changes == 4);
  CHECK(session.items().dump() == R"({"a":1,"b":3,"c":4})");
  CHECK(session.pop("a") == 1);
  CHECK(session.pop("a", "gone") == "gone");
  CHECK(session.changes == 6);
  CHECK(session.erase("b"));
  CHECK_FALSE(session.erase("b"));
  CHECK(session.changes == 8);
  session.invalidate();
  CHECK(session.changes == 9);
  CHECK(session.empty());
}

TEST_CASE("flash messages wait in their queues until they are popped") {
  CountingSession session;
  session.flash("one");
  session.flash({{"level", "info"}});
  session.flash("other", "errors");
  CHECK(session.peek_flash().dump() == R"(["one",{"level":"info"}])");
  CHECK(session.peek_flash().size() == 2);
  CHECK(session.pop_flash().size() == 2);
  CHECK(session.pop_flash() == Json::array());
  CHECK(session.peek_flash("errors") == Json{"other"});
  CHECK(session.items().dump() == R"({"_f_errors":["other"]})");
}

TEST_CASE("a flash message may be kept from being there twice") {
  CountingSession session;
  session.flash("one");
  session.flash("one", "", false);
  session.flash("two", "", false);
  CHECK(session.peek_flash() == Json{"one", "two"});
  session.flash("one");
  CHECK(session.peek_flash().size() == 3);
}

TEST_CASE("a queue that is no list any more is an empty one") {
  CountingSession session(Json{{"_f_", "x"}});
  CHECK(session.peek_flash() == Json::array());
  session.flash("one");
  CHECK(session.peek_flash() == Json{"one"});
}

TEST_CASE("the session's CSRF token stays until a new one is made") {
  CountingSession session;
  const std::string token = session.get_csrf_token();
  CHECK(token.size() == 40);
  CHECK(session.get_csrf_token() == token);
  CHECK(session.at("_csrft_") == token);
  CHECK(session.new_csrf_token() != token);
  CHECK(session.get_csrf_token() != token);
  session["_csrft_"] = 5;
  CHECK(session.get_csrf_token().size() == 40);
}

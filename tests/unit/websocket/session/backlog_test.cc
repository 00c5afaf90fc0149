#include <catch2/catch.hpp>

#include <aiopyr/websocket/session/backlog.h>

namespace aiopyr::websocket {
namespace {

SharedMessage prepare(std::string text) {
  return std::make_shared<const PreparedMessage>(Message(std::move(text)));
}

std::string drain(Backlog& backlog) {
  std::string all;
  while (!backlog.empty()) all += std::string(backlog.pop_front()->payload()) + " ";
  return all;
}

constexpr auto kOne = Backlog::kFirstSubscription;
constexpr auto kOther = kOne + 1;

/// Adds the messages of `texts`, a text with a colon under the key before it; returns what is left,
/// and `closed` if the policy asks for that.
std::string after(WhenSlow when_slow, std::initializer_list<const char*> texts) {
  Backlog backlog;
  const SlowClientPolicy policy{.when_slow = when_slow, .capacity = 2};
  for (const std::string text : texts) {
    const auto colon = text.find(':');
    const auto key = colon == std::string::npos ? std::string() : text.substr(0, colon);
    if (!backlog.add(prepare(text), policy, kOne, key)) return drain(backlog) + "closed";
  }
  return drain(backlog);
}

TEST_CASE("Each policy keeps what it says once there are too many") {
  CHECK(after(WhenSlow::kWait, {"1", "2", "3"}) == "1 2 3 ");
  CHECK(after(WhenSlow::kDropOldest, {"1", "2", "3", "4"}) == "3 4 ");
  CHECK(after(WhenSlow::kDropNewest, {"1", "2", "3", "4"}) == "1 2 ");
  CHECK(after(WhenSlow::kClose, {"1", "2", "3"}) == "1 2 closed");
}

TEST_CASE("A later message of the same key takes the place of the one that waits") {
  CHECK(after(WhenSlow::kCoalesce, {"a:1", "b:1", "a:2"}) == "a:2 b:1 ");
  CHECK(after(WhenSlow::kCoalesce, {"a:1", "b:1", "c:1"}) == "b:1 c:1 ");
  CHECK(after(WhenSlow::kCoalesce, {"1", "2", "3"}) == "2 3 ");
}

TEST_CASE("Keys make no difference to the other policies") {
  CHECK(after(WhenSlow::kDropOldest, {"a:1", "a:2"}) == "a:1 a:2 ");
}

TEST_CASE("Each sender's messages are counted and dropped for themselves") {
  Backlog backlog;
  const SlowClientPolicy oldest{.when_slow = WhenSlow::kDropOldest, .capacity = 1};
  backlog.add(prepare("own"), Backlog::kView);
  REQUIRE(backlog.add(prepare("one 1"), oldest, kOne, {}));
  REQUIRE(backlog.add(prepare("other 1"), oldest, kOther, {}));
  REQUIRE(backlog.add(prepare("one 2"), oldest, kOne, {}));
  CHECK(backlog.count(kOne) == 1);
  CHECK(backlog.size() == 3);
  CHECK(drain(backlog) == "own other 1 one 2 ");
}

TEST_CASE("Keys of different senders are different") {
  Backlog backlog;
  const SlowClientPolicy coalesce{.when_slow = WhenSlow::kCoalesce, .capacity = 9};
  REQUIRE(backlog.add(prepare("one"), coalesce, kOne, "key"));
  REQUIRE(backlog.add(prepare("other"), coalesce, kOther, "key"));
  CHECK(drain(backlog) == "one other ");
}

TEST_CASE("What is not one sender's can be dropped at once") {
  Backlog backlog;
  backlog.add(prepare("1"), kOne);
  backlog.add(prepare("2"), kOther);
  backlog.add(prepare("3"), kOne);
  backlog.keep_only(kOne);
  CHECK(drain(backlog) == "1 3 ");
}

TEST_CASE("A prepared message is a frame as a server sends it") {
  const PreparedMessage text(Message("hi"));
  CHECK(text.frame() == "\x81\x02hi");
  CHECK(text.payload() == "hi");
  const PreparedMessage binary(Message::binary(std::string(300, 'x')));
  CHECK(binary.frame().size() == 304);
  CHECK(binary.payload().size() == 300);
  CHECK_THROWS_WITH(PreparedMessage(Message("\xFF")), Catch::Contains("Message::binary"));
}

}  // namespace
}  // namespace aiopyr::websocket

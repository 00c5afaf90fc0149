#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/websocket/session/errors.h>
#include <aiopyr/websocket/session/inbox.h>

namespace aiopyr::websocket {
namespace {

/// co_await Next{inbox}: does what a websocket's recv() does, without the websocket.
class Next {
 public:
  explicit Next(Inbox& inbox) : inbox_(inbox) {}
  [[nodiscard]] bool await_ready() { return inbox_.take(reader_); }
  void await_suspend(std::coroutine_handle<> awaiting) { inbox_.wait(reader_, awaiting); }
  std::optional<Message> await_resume() { return reader_.take(); }

 private:
  Inbox& inbox_;
  Inbox::Reader reader_;
};

struct InboxFixture {
  Task<> receive_all() {
    while (const auto message = co_await Next(*inbox)) got.push_back(message->str());
    got.push_back("end");
  }

  TestLoop loop;
  std::unique_ptr<Inbox> inbox = std::make_unique<Inbox>();
  std::vector<std::string> got;
};

using Got = std::vector<std::string>;

TEST_CASE("An inbox keeps messages in order until somebody receives") {
  InboxFixture f;
  for (const char* text : {"1", "2", "3"}) f.inbox->deliver(text);
  CHECK(f.inbox->size() == 3);
  f.inbox->end();
  const auto reader = spawn(f.receive_all());
  f.loop.run_once(false);
  CHECK(f.got == Got{"1", "2", "3", "end"});
  CHECK(f.inbox->size() == 0);
}

TEST_CASE("A coroutine that waits gets a message before deliver() returns, and is told the end") {
  InboxFixture f;
  const auto reader = spawn(f.receive_all());
  f.loop.run_once(false);
  CHECK(f.inbox->has_reader());
  f.inbox->deliver("1");
  CHECK(f.got == Got{"1"});
  CHECK(f.inbox->size() == 0);
  f.inbox->end();
  CHECK(f.got == Got{"1", "end"});
  CHECK_FALSE(f.inbox->has_reader());
}

TEST_CASE("Two readers at a time are refused") {
  InboxFixture f;
  const auto reader = spawn(f.receive_all());
  f.loop.run_once(false);
  Inbox::Reader other;
  CHECK_THROWS_AS(f.inbox->take(other), ConcurrencyError);
  f.inbox->end();
}

TEST_CASE("A wait that is cancelled loses no message") {
  InboxFixture f;
  auto reader = spawn(f.receive_all());
  f.loop.run_once(false);
  reader.cancel();
  f.loop.run_once(false);
  CHECK_FALSE(f.inbox->has_reader());
  f.inbox->deliver("1");
  Inbox::Reader next;
  REQUIRE(f.inbox->take(next));
  CHECK(next.take() == Message("1"));
}

TEST_CASE("An inbox may go while a coroutine waits") {
  InboxFixture f;
  auto reader = spawn(f.receive_all());
  f.loop.run_once(false);
  f.inbox.reset();
  reader.cancel();
  f.loop.run_once(false);
  CHECK(f.got.empty());
}

TEST_CASE("An inbox that never runs empty does not lose its order") {
  Inbox inbox;
  int delivered = 0;
  for (; delivered < 5; ++delivered) inbox.deliver(std::to_string(delivered));
  for (int taken = 0; taken < 1000; ++taken) {
    Inbox::Reader reader;
    REQUIRE(inbox.take(reader));
    REQUIRE(reader.take() == Message(std::to_string(taken)));
    inbox.deliver(std::to_string(delivered++));
  }
  CHECK(inbox.size() == 5);
}

}  // namespace
}  // namespace aiopyr::websocket

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/websocket/session/outbox.h>

namespace aiopyr::websocket {
namespace {

/// A stream that keeps what it gets, and has no room if the test says so.
class FakeStream final : public Stream {
 public:
  void put_message(Opcode, std::string_view payload) override { put(payload, ""); }
  void put_prepared(const PreparedMessage& message, Follows follows) override {
    put(message.payload(), follows == Follows::kMore ? "+" : "");
  }
  void put_piece(Opcode, std::string_view piece, bool fin) override {
    put(piece, fin ? "" : "...");
  }
  void put_ping(std::string_view payload) override { put(payload, ""); }
  void put_close(std::uint16_t, std::string_view reason) override { put(reason, ""); }
  [[nodiscard]] bool is_full() const noexcept override { return room == 0; }
  void on_recv() override {}

  std::vector<std::string> take() { return std::exchange(put_, {}); }
  int room = 1000;

 private:
  void put(std::string_view payload, const char* mark) {
    put_.push_back(std::string(payload) + mark);
    if (room > 0) --room;
  }

  std::vector<std::string> put_;
};

using Lines = std::vector<std::string>;

/// A waiter.
struct OutboxWaiter final : Runnable {
  void run() override { ++runs; }
  int runs = 0;
};

struct OutboxFixture {
  Outbox::Pushed push(const char* text, WhenSlow when_slow = WhenSlow::kWait,
                      Backlog::Sender sender = Backlog::kHandle) {
    const SlowClientPolicy policy{.when_slow = when_slow, .capacity = 2};
    return outbox.push(make_publication(text), policy, sender, {});
  }

  TestLoop loop;
  FakeStream stream;
  Outbox outbox{stream};
};

using Pushed = Outbox::Pushed;

TEST_CASE("What has room leaves at once") {
  OutboxFixture f;
  f.outbox.send(Opcode::kText, "own");
  CHECK(f.push("other") == Pushed::kSent);
  CHECK(f.stream.take() == Lines{"own", "other"});
  CHECK_FALSE(f.outbox.has_waiting());
  CHECK_FALSE(f.outbox.release());
}

TEST_CASE("What others send waits while the stream is full, and all that follows waits behind it") {
  OutboxFixture f;
  f.stream.room = 0;
  f.outbox.send(Opcode::kText, "own leaves whatever waits to be written");
  f.stream.take();
  CHECK(f.push("1") == Pushed::kKept);
  f.outbox.send(Opcode::kText, "own");
  CHECK(f.push("2") == Pushed::kKept);
  CHECK(f.outbox.size() == 3);
  CHECK(f.outbox.count(Backlog::kHandle) == 2);
  CHECK(f.outbox.is_congested());
  CHECK(f.stream.take().empty());
  f.stream.room = 2;
  CHECK(f.outbox.release());
  CHECK(f.stream.take() == Lines{"1+", "own+"});
  f.stream.room = 1000;
  CHECK(f.outbox.release());
  CHECK(f.stream.take() == Lines{"2+"});
  CHECK_FALSE(f.outbox.is_congested());
}

TEST_CASE("A policy that closes is told to who pushes, and keeps nothing") {
  OutboxFixture f;
  f.stream.room = 0;
  CHECK(f.push("1", WhenSlow::kClose) == Pushed::kKept);
  CHECK(f.push("2", WhenSlow::kClose) == Pushed::kKept);
  CHECK(f.push("3", WhenSlow::kClose) == Pushed::kRefused);
  CHECK(f.outbox.size() == 2);
}

TEST_CASE("A message in pieces is not interrupted, and what waits follows it") {
  OutboxFixture f;
  WaitList waiting;
  f.outbox.begin_pieces(waiting);
  f.stream.put_piece(Opcode::kText, "piece", false);
  f.outbox.send(Opcode::kText, "own");
  CHECK(f.push("other") == Pushed::kKept);
  CHECK_FALSE(f.outbox.release());
  CHECK(f.stream.take() == Lines{"piece..."});
  f.outbox.end_pieces();
  CHECK(f.outbox.release());
  CHECK(f.stream.take() == Lines{"own+", "other+"});
}

TEST_CASE("Closing sends the view's own and drops the rest") {
  OutboxFixture f;
  f.stream.room = 0;
  CHECK(f.push("other") == Pushed::kKept);
  f.outbox.send(Opcode::kText, "own");
  SECTION("after whole messages") {
    f.outbox.empty();
    CHECK(f.stream.take() == Lines{"own+"});
  }
  SECTION("but not within one in pieces") {
    WaitList waiting;
    f.outbox.begin_pieces(waiting);
    f.outbox.empty();
    CHECK(f.stream.take().empty());
    f.outbox.end_pieces();
  }
  CHECK(f.outbox.size() == 0);
}

TEST_CASE("Who sends goes on once there is room for all that waits") {
  OutboxFixture f;
  OutboxWaiter sender;
  OutboxWaiter pieces_sender;
  WaitList waiting;
  f.stream.room = 0;
  f.outbox.begin_pieces(waiting);
  waiting.add(pieces_sender);
  f.outbox.wait(sender);
  f.outbox.wake_senders();
  f.loop.run_once(false);
  CHECK(sender.runs + pieces_sender.runs == 0);

  f.stream.room = 1000;
  f.outbox.wake_senders();
  f.loop.run_once(false);
  CHECK(pieces_sender.runs == 1);
  CHECK(sender.runs == 0);

  f.outbox.end_pieces();
  f.outbox.wake_senders();
  f.loop.run_once(false);
  CHECK(sender.runs == 1);
}

TEST_CASE("A stream that is lost drops what waits and wakes all who do") {
  OutboxFixture f;
  OutboxWaiter sender;
  OutboxWaiter pieces_sender;
  WaitList waiting;
  f.stream.room = 0;
  CHECK(f.push("other") == Pushed::kKept);
  f.outbox.begin_pieces(waiting);
  waiting.add(pieces_sender);
  f.outbox.wait(sender);
  f.outbox.drop();
  f.loop.run_once(false);
  CHECK(pieces_sender.runs == 1);
  CHECK(sender.runs == 1);
  CHECK(f.outbox.size() == 0);
  CHECK_FALSE(f.outbox.has_waiting());
}

}  // namespace
}  // namespace aiopyr::websocket

#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/scripted_transport.h"
#include <aiopyr/plugin/io/orderly_closes.h>
#include <aiopyr/runtime/async/loop/test_loop.h>

namespace aiopyr::plugin {
namespace {

using websocket::testing::Script;
using websocket::testing::ScriptedTransport;

/// A client that sends `bytes` behind its request, and then goes on or ends.
std::shared_ptr<Script> client_that_sends(std::size_t bytes, bool ends) {
  auto script = std::make_shared<Script>();
  script->input.assign(bytes, 'x');
  script->ends = ends;
  return script;
}

class Closing {
 public:
  explicit Closing(LingeringLimits limits = {}) : limits_(limits) {}

  void close(const std::shared_ptr<Script>& script) {
    closes_.add(std::make_unique<ScriptedTransport>(script));
    turns();
  }
  void close_refused(const std::shared_ptr<Script>& script) {
    closes_.add_refused(std::make_unique<ScriptedTransport>(script));
    turns();
  }
  std::size_t give_up(std::size_t count) { return closes_.give_up(count); }
  [[nodiscard]] std::size_t count() const { return closes_.count(); }
  void pass(double seconds) {
    loop_.advance(to_duration(seconds));
    turns();
  }

 private:
  void turns() {
    for (int i = 0; i < 4; ++i) loop_.run_once(false);
  }

  LingeringLimits limits_;
  TestLoop loop_;
  OrderlyCloses closes_{loop_, limits_};
};

TEST_CASE("A connection that ends is read to the end that its client makes") {
  Closing closing;
  const auto script = client_that_sends(200000, true);
  closing.close(script);
  CHECK(script->said_end);
  CHECK(script->input.empty());
  CHECK(script->destroyed);
}

TEST_CASE("A client that does not end has a time, and a number of bytes") {
  Closing closing({.time = 3, .bytes = 100000, .most = 10});
  const auto silent = client_that_sends(10, false);
  closing.close(silent);
  closing.pass(2.9);
  CHECK_FALSE(silent->destroyed);
  closing.pass(0.2);
  CHECK(silent->destroyed);

  const auto eager = client_that_sends(1000000, false);
  closing.close(eager);
  CHECK(eager->destroyed);
  CHECK(eager->input.size() < 900000);
  CHECK(eager->input.size() > 800000);
}

TEST_CASE("Without a time a connection is closed at once") {
  Closing closing({.time = 0, .bytes = 100000, .most = 10});
  const auto script = client_that_sends(10, false);
  closing.close(script);
  CHECK(script->said_end);
  CHECK(script->destroyed);
}

TEST_CASE("A connection that breaks while it ends is closed") {
  for (int call = 0; call < 3; ++call) {
    Closing closing;
    const auto script = client_that_sends(30000, false);
    script->fails_at = call;
    closing.close(script);
    CHECK(script->destroyed);
  }
}

TEST_CASE(
    "The oldest ends are given up where descriptors are needed, with what they have sent read") {
  Closing closing;
  std::vector<std::shared_ptr<Script>> ends;
  for (int i = 0; i < 3; ++i) {
    ends.push_back(client_that_sends(10, false));
    i == 1 ? closing.close_refused(ends.back()) : closing.close(ends.back());
  }
  ends[0]->input = "more";
  CHECK(closing.give_up(2) == 2);
  CHECK(ends[0]->destroyed);
  CHECK(ends[0]->input.empty());
  CHECK(ends[1]->destroyed);
  CHECK_FALSE(ends[2]->destroyed);
  CHECK(closing.give_up(5) == 1);
  CHECK(closing.give_up(5) == 0);
  CHECK(closing.count() == 0);
}

TEST_CASE("Beyond a most the oldest end makes room for the next") {
  Closing closing({.time = 2, .bytes = 1000, .most = 5});
  std::vector<std::shared_ptr<Script>> ends;
  for (int i = 0; i < 7; ++i) {
    ends.push_back(client_that_sends(10, false));
    closing.close(ends.back());
  }
  CHECK(closing.count() == 5);
  CHECK(ends[0]->destroyed);
  CHECK(ends[1]->destroyed);
  CHECK_FALSE(ends[2]->destroyed);
  const auto refused = client_that_sends(10, false);
  closing.close_refused(refused);
  CHECK(refused->destroyed);
  CHECK_FALSE(ends[2]->destroyed);
}

TEST_CASE("The end of the worker closes what is still ending") {
  const auto script = client_that_sends(10, false);
  {
    Closing closing;
    closing.close(script);
    CHECK_FALSE(script->destroyed);
  }
  CHECK(script->destroyed);
}

TEST_CASE("Of refused requests a hundred are waited for, and others when these have gone") {
  Closing closing;
  std::vector<std::shared_ptr<Script>> waiting;
  for (int i = 0; i < 100; ++i) {
    waiting.push_back(client_that_sends(10, false));
    closing.close_refused(waiting.back());
    CHECK_FALSE(waiting.back()->destroyed);
  }
  const auto beyond = client_that_sends(10, false);
  closing.close_refused(beyond);
  CHECK(beyond->said_end);
  CHECK(beyond->input.empty());
  CHECK(beyond->destroyed);
  const auto orderly = client_that_sends(10, false);
  closing.close(orderly);
  CHECK_FALSE(orderly->destroyed);

  closing.pass(2.1);
  CHECK(waiting.front()->destroyed);
  const auto later = client_that_sends(10, false);
  closing.close_refused(later);
  CHECK_FALSE(later->destroyed);
}

}  // namespace
}  // namespace aiopyr::plugin

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/transport/output_batch.h>

namespace aiopyr {
namespace {

struct Write final : Runnable {
  Write(std::string& log, char name) : log_(log), name_(name) {}
  void run() override {
    log_ += name_;
    if (name_ == '!') throw std::runtime_error("no");
  }

 private:
  std::string& log_;
  char name_;
};

TEST_CASE("A batch of output leaves before what is ready, in order") {
  TestLoop loop;
  OutputBatch batch;
  std::string log;
  Write a(log, 'a');
  Write b(log, 'b');
  loop.call_soon([&] { log += '.'; });
  batch.add(loop, a);
  batch.add(loop, b);
  loop.run_once(false);
  CHECK(log == "ab.");
  batch.add(loop, a);
  loop.run_once(true);
  CHECK(log == "ab.a");
}

TEST_CASE("A batch of output that is full does not wait for the end of the turn") {
  TestLoop loop;
  OutputBatch batch;
  std::string log;
  std::vector<std::unique_ptr<Write>> writes;
  for (int i = 0; i < 17; ++i) {
    writes.push_back(std::make_unique<Write>(log, 'x'));
    batch.add(loop, *writes.back());
  }
  CHECK(log == std::string(16, 'x'));
  loop.run_once(false);
  CHECK(log == std::string(17, 'x'));
}

TEST_CASE("What is destroyed is no part of a batch any more") {
  TestLoop loop;
  OutputBatch batch;
  std::string log;
  Write a(log, 'a');
  {
    Write b(log, 'b');
    batch.add(loop, b);
    batch.add(loop, a);
  }
  CHECK(log.empty());
  loop.run_once(false);
  CHECK(log == "a");
}

TEST_CASE("Output that fails keeps no other from leaving") {
  TestLoop loop;
  std::string told;
  loop.set_exception_handler(
      [&](const std::exception_ptr&, std::string_view where) { told = where; });
  OutputBatch batch;
  std::string log;
  Write bad(log, '!');
  Write good(log, 'g');
  batch.add(loop, bad);
  batch.add(loop, good);
  loop.run_once(false);
  CHECK(log == "!g");
  CHECK(told == "output that was held for a batch");
}

TEST_CASE("What joins while a batch leaves is another batch") {
  TestLoop loop;
  OutputBatch batch;
  std::string log;
  Write late(log, 'l');
  struct Joining final : Runnable {
    Joining(Loop& loop, OutputBatch& batch, Runnable& other)
        : loop_(loop), batch_(batch), other_(other) {}
    void run() override { batch_.add(loop_, other_); }
    Loop& loop_;
    OutputBatch& batch_;
    Runnable& other_;
  } joining(loop, batch, late);
  batch.add(loop, joining);
  loop.run_once(false);
  CHECK(log.empty());
  loop.run_once(false);
  CHECK(log == "l");
}

}  // namespace
}  // namespace aiopyr

#include <exception>
#include <stdexcept>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/throw_sites.h>

using namespace aiopyr;

namespace {

int destroyed_exceptions = 0;

void count_destroyed(void*) { ++destroyed_exceptions; }

/// An exception whose throw is noted, as by the plugin's hook. The destructor forgets it.
class NotedException {
 public:
  explicit NotedException(const Backtrace& where)
      : error_(std::make_exception_ptr(std::runtime_error("noted"))) {
    try {
      std::rethrow_exception(error_);
    } catch (std::runtime_error& e) {
      object_ = &e;
      destroy_ = note_throw(&e, count_destroyed, where);
    }
  }
  NotedException(NotedException&& other) noexcept
      : error_(std::move(other.error_)),
        object_(std::exchange(other.object_, nullptr)),
        destroy_(other.destroy_) {}
  NotedException& operator=(NotedException&&) = delete;
  ~NotedException() { destroy(); }

  void destroy() {
    if (object_ != nullptr) destroy_(std::exchange(object_, nullptr));
  }
  [[nodiscard]] const std::exception_ptr& error() const { return error_; }

 private:
  std::exception_ptr error_;
  void* object_ = nullptr;
  DestroyException destroy_ = nullptr;
};

}  // namespace

TEST_CASE("an exception is found where it was thrown") {
  const Backtrace here = Backtrace::here();
  const NotedException noted(here);
  const NotedException another{Backtrace()};
  const auto found = thrown_at(noted.error());
  REQUIRE(found);
  CHECK(found->frames().data()[0] == here.frames()[0]);
  CHECK(found->frames().size() == here.frames().size());
  CHECK(thrown_at(another.error())->frames().empty());
}

TEST_CASE("of what nobody has noted nothing is known") {
  CHECK_FALSE(thrown_at(nullptr));
  CHECK_FALSE(thrown_at(std::make_exception_ptr(std::runtime_error("not noted"))));
}

TEST_CASE("an exception that is destroyed is forgotten, as its memory is used again") {
  NotedException noted{Backtrace()};
  destroyed_exceptions = 0;
  noted.destroy();
  CHECK(destroyed_exceptions == 1);
  CHECK_FALSE(thrown_at(noted.error()));
}

TEST_CASE("what is thrown while too many exceptions are kept is thrown all the same") {
  destroyed_exceptions = 0;
  {
    std::vector<NotedException> kept;
    for (std::size_t i = 0; i < kMostThrowSites; ++i) kept.emplace_back(Backtrace());
    CHECK(thrown_at(kept.back().error()));
    const NotedException one_more{Backtrace()};
    CHECK_FALSE(thrown_at(one_more.error()));
    kept.front().destroy();
    const NotedException now_there_is_room{Backtrace()};
    CHECK(thrown_at(now_there_is_room.error()));
  }
  CHECK(destroyed_exceptions == kMostThrowSites + 2);
}

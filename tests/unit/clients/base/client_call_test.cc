#include <exception>
#include <memory>

#include <catch2/catch.hpp>

#include <aiopyr/clients/base/client_call.h>
#include <aiopyr/runtime/async/tasks/task_context.h>
#include <aiopyr/runtime/base/client_errors.h>

using namespace aiopyr;
using namespace aiopyr::clients;
using metrics::Outcome;

namespace {

std::uint64_t count_of(metrics::ClientFigures& figures, Outcome outcome) {
  return figures.operation("query").outcomes[static_cast<std::size_t>(outcome)].value();
}

}  // namespace

TEST_CASE("a call counts how it ended, once, for its client and for its request") {
  const auto figures = std::make_unique<metrics::ClientFigures>();
  TaskContext context;
  {
    ClientCall call(*figures, "postgres", "query", &context);
    call.end(Outcome::kOk);
    call.end(Outcome::kError);
  }
  CHECK(count_of(*figures, Outcome::kOk) == 1);
  CHECK(count_of(*figures, Outcome::kError) == 0);
  CHECK(count_of(*figures, Outcome::kCancelled) == 0);
  REQUIRE(context.client_times().size() == 1);
  CHECK(context.client_times()[0].client == "postgres");
  CHECK(context.client_times()[0].calls == 1);
}

TEST_CASE("a call that is destroyed before its end was cancelled") {
  const auto figures = std::make_unique<metrics::ClientFigures>();
  { const ClientCall call(*figures, "postgres", "query", nullptr); }
  CHECK(count_of(*figures, Outcome::kCancelled) == 1);
}

TEST_CASE("a timeout is told from other errors") {
  const auto kept = [](auto error) { return std::make_exception_ptr(error); };
  CHECK(outcome_of(kept(ClientTimeoutError({"redis", "h", "GET"}, "late", Retry::kUnsafe))) ==
        Outcome::kTimeout);
  CHECK(outcome_of(kept(TimeoutError("late"))) == Outcome::kTimeout);
  CHECK(outcome_of(kept(ConnectError({"redis", "h", ""}, "refused"))) == Outcome::kError);
  CHECK(outcome_of(kept(1)) == Outcome::kError);
}

TEST_CASE("an error says what was asked, of whom, and what came of it") {
  const ConnectError error({"redis", "h:1", "GET"}, "refused");
  CHECK(std::string(error.what()) == "redis h:1: GET: refused");
  CHECK(error.retry() == Retry::kSafe);
  CHECK(std::string(ConnectError({"", "", ""}, "refused").what()) == "refused");
}

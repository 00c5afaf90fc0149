#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/base/client_errors.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/dispatch/exception_answer.h>
#include <aiopyr/runtime/web/http/file_body.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using namespace aiopyr::detail;
using Catch::Matchers::Contains;

namespace {

template <class Thrown>
std::optional<ExceptionAnswer> answer_to_thrown(const Thrown& thrown) {
  try {
    throw thrown;
  } catch (...) {
    return answer_to_current_exception();
  }
}

/// An app whose only view throws.
template <class Thrown>
struct AnsweringApp : TestApp {
  explicit AnsweringApp(Thrown thrown) {
    config.set_view_mapper(FiberMapper{});
    config.add_route("busy", "/busy");
    config.add_view([thrown](Request&) -> Response { throw thrown; }, {.route_name = "busy"});
  }
};

const ExecutorFullError kExecutorFull("full: raise aiopyr-executor-queue");

}  // namespace

TEST_CASE("a client whose server is away or whose pool is busy is answered 503") {
  const ClientError::Context context{"postgres", "db:5432", "query"};
  for (const auto& answer : {answer_to_thrown(ConnectError(context, "refused")),
                             answer_to_thrown(PoolExhaustedError(context, "8 of 8 in use"))}) {
    REQUIRE(answer);
    CHECK(answer->response.status_code() == 503);
    CHECK(answer->response.headers().get("Retry-After") == "1");
    CHECK_THAT(answer->reason, Contains("postgres db:5432: query"));
  }
  const auto late = answer_to_thrown(ClientTimeoutError(context, "late", Retry::kUnsafe));
  REQUIRE(late);
  CHECK(late->response.status_code() == 504);
}

TEST_CASE("an HTTP exception is its own answer and is not logged") {
  const auto answer = answer_to_thrown(HTTPForbidden("not you"));
  REQUIRE(answer);
  CHECK(answer->response.status_code() == 403);
  CHECK(answer->log == ExceptionAnswer::Log::kNothing);
}

TEST_CASE("a full executor is a 503 that asks for patience, and its reason is logged") {
  const auto answer = answer_to_thrown(kExecutorFull);
  REQUIRE(answer);
  CHECK(answer->response.status_code() == 503);
  CHECK(answer->response.headers().get("Retry-After", "") == "1");
  CHECK(answer->log == ExceptionAnswer::Log::kReason);
  CHECK(answer->reason == kExecutorFull.what());
}

TEST_CASE("a file that has become shorter is a 500 with one line in the log") {
  const auto answer = answer_to_thrown(FileShortenedError("the file 'x' has become shorter"));
  REQUIRE(answer);
  CHECK(answer->response.status_code() == 500);
  CHECK(answer->log == ExceptionAnswer::Log::kReason);
  CHECK(answer->reason == "the file 'x' has become shorter");
}

TEST_CASE("a timeout is a 504, also where its type is derived") {
  struct Late : TimeoutError {
    using TimeoutError::TimeoutError;
  };
  for (const auto& answer :
       {answer_to_thrown(TimeoutError("too slow")), answer_to_thrown(Late("too slow"))}) {
    REQUIRE(answer);
    CHECK(answer->response.status_code() == 504);
    CHECK(answer->log == ExceptionAnswer::Log::kReason);
    CHECK(answer->reason == "too slow");
  }
}

TEST_CASE("nobody is answered where the client is gone or the fiber is cancelled") {
  CHECK_FALSE(answer_to_thrown(ClientDisconnected("gone")));
  CHECK_FALSE(answer_to_thrown(CancelledError()));
}

TEST_CASE("what nobody knows is a failure and a 500") {
  for (const auto& answer : {answer_to_thrown(Error("boom")), answer_to_thrown(42)}) {
    REQUIRE(answer);
    CHECK(answer->response.status_code() == 500);
    CHECK(answer->log == ExceptionAnswer::Log::kFailure);
  }
}

TEST_CASE("the router answers a full executor with one line in the log") {
  AnsweringApp app(kExecutorFull);
  const Response response = app.get("/busy");
  CHECK(response.status_code() == 503);
  CHECK(response.headers().get("Retry-After", "") == "1");
  CHECK(response.headers().contains("Content-Length"));
  CHECK(app.log == std::vector<std::string>{"route 'busy': full: raise aiopyr-executor-queue"});
}

TEST_CASE("the router answers a timeout of the app with 504") {
  AnsweringApp app(TimeoutError("the database is slow"));
  CHECK(app.get("/busy").status_code() == 504);
  CHECK(app.log == std::vector<std::string>{"route 'busy': the database is slow"});
}

TEST_CASE("an exception view comes before what the framework answers") {
  AnsweringApp app(kExecutorFull);
  app.config.add_exception_view([](const ExecutorFullError& error, Request& request) {
    request.response().set_status(429);
    return Response(error.what(), 429);
  });
  const Response response = app.get("/busy");
  CHECK(response.status_code() == 429);
  CHECK(response.body() == kExecutorFull.what());
  CHECK(app.log.empty());
}

TEST_CASE("a full executor that a tween throws is answered as one of a view") {
  TestApp app;
  app.config.add_tween([](Handler, Registry&) -> Handler {
    return [](Request&) -> Response { throw kExecutorFull; };
  });
  CHECK(app.get("/").status_code() == 503);
  CHECK(app.log.size() == 1);
}

TEST_CASE("a finished callback's exception is a failure whatever its type") {
  TestApp app;
  app.config.set_view_mapper(FiberMapper{});
  app.config.add_view([](Request& request) {
    request.add_finished_callback([](Request&) { throw HTTPNotFound("late"); });
    return Response("x");
  });
  CHECK(app.get("/").body() == "x");
  REQUIRE(app.log.size() == 1);
  CHECK_THAT(app.log[0], Contains("late"));
}

#pragma once

#include <utility>

#include <aiopyr/runtime/web/request/session.h>

namespace aiopyr::testing {

/// A session that exists only in the test (pyramid.testing.DummySession): returned by session() of
/// a DummyRequest, unless the TestConfig was given another session factory.
class DummySession final : public Session {
 public:
  explicit DummySession(Json data = Json::object()) : Session(std::move(data), 0.0, true) {}

  void changed() override {}

 private:
  void accessed() override {}
};

}  // namespace aiopyr::testing

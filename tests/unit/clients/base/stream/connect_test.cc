#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/temporary_folder.h"
#include <aiopyr/clients/base/stream/connect.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;

namespace {

/// A socket that listens at a path, and accepts nobody.
class Listener {
 public:
  Listener(const clients::Address& address, int backlog)
      : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    REQUIRE(::bind(fd_, address.get(), address.length) == 0);
    REQUIRE(::listen(fd_, backlog) == 0);
  }
  ~Listener() { ::close(fd_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

 private:
  int fd_;
};

std::string problem_of(std::vector<clients::Address> addresses) {
  try {
    auto stream = run_until_complete(clients::connect_stream(std::move(addresses), 1));
  } catch (const Error& error) {
    return error.what();
  }
  return "connected";
}

}  // namespace

TEST_CASE("the addresses of a server are tried in turn", "[clients]") {
  TestLoop loop;
  const TemporaryFolder folder;
  const auto missing = clients::unix_address(std::string(folder.path()) + "/missing");
  const auto there = clients::unix_address(std::string(folder.path()) + "/there");
  const Listener listener(there, 5);
  CHECK(problem_of({missing, there}) == "connected");
  CHECK(problem_of({missing}) ==
        std::string(folder.path()) + "/missing: No such file or directory");
  CHECK(problem_of({}) == "there is no address to connect to");
}

TEST_CASE("a server whose queue is full is told as that, and does not block", "[clients]") {
  TestLoop loop;
  const TemporaryFolder folder;
  const auto there = clients::unix_address(std::string(folder.path()) + "/there");
  const Listener listener(there, 0);
  std::vector<std::unique_ptr<Transport>> streams;
  std::string problem;
  while (problem.empty() && streams.size() < 100) {
    std::vector<clients::Address> addresses(1, there);
    try {
      streams.push_back(run_until_complete(clients::connect_stream(addresses, 1)));
    } catch (const Error& error) {
      problem = error.what();
    }
  }
  CHECK(problem.ends_with("the server's queue of connections is full"));
}

TEST_CASE("a family that the kernel does not know is told as that", "[clients]") {
  TestLoop loop;
  clients::Address strange;
  strange.storage.ss_family = AF_MAX - 1;
  strange.length = sizeof(sockaddr);
  CHECK(problem_of({strange}).find("not supported") != std::string::npos);
}

#include "tests/support/clients/faults/fault_loop.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <netdb.h>
#include <utility>

#include "tests/support/clients/faults/failing_calls.h"
#include <aiopyr/runtime/base/client_errors.h>

using namespace aiopyr;

namespace faults {

namespace {

/// A way in which a call fails.
struct Way {
  Call call;
  int error;
  const char* shown;
  bool is_noticed = true;  ///< false where the client has to try again by itself
};

constexpr Way kWays[] = {
    {Call::kSocket, EMFILE, "socket EMFILE"},
    {Call::kSocket, ENOBUFS, "socket ENOBUFS"},
    {Call::kConnect, EINTR, "connect EINTR"},
    {Call::kConnect, EINPROGRESS, "connect EINPROGRESS", false},
    {Call::kConnect, ECONNREFUSED, "connect ECONNREFUSED"},
    {Call::kConnect, EADDRNOTAVAIL, "connect EADDRNOTAVAIL"},
    {Call::kGetsockopt, ENOBUFS, "getsockopt ENOBUFS"},
    {Call::kSetsockopt, ENOMEM, "setsockopt ENOMEM"},
    {Call::kGetsockname, ENOBUFS, "getsockname ENOBUFS"},
    {Call::kFcntl, ENOMEM, "fcntl ENOMEM"},
    {Call::kPoll, EINTR, "poll EINTR", false},
    {Call::kPoll, ENOMEM, "poll ENOMEM"},
    {Call::kWrite, EINTR, "write EINTR", false},
    {Call::kWrite, EAGAIN, "write EAGAIN", false},
    {Call::kWrite, kShort, "write one byte", false},
    {Call::kWrite, ECONNRESET, "write ECONNRESET"},
    {Call::kWrite, EPIPE, "write EPIPE"},
    {Call::kWrite, ENOBUFS, "write ENOBUFS"},
    {Call::kWrite, EIO, "write EIO"},
    {Call::kRead, EINTR, "read EINTR", false},
    {Call::kRead, EAGAIN, "read EAGAIN", false},
    {Call::kRead, kShort, "read one byte", false},
    {Call::kRead, kEndOfFile, "read end of file"},
    {Call::kRead, ECONNRESET, "read ECONNRESET"},
    {Call::kRead, ENOMEM, "read ENOMEM"},
    {Call::kRead, EIO, "read EIO"},
    {Call::kEpollCtl, ENOMEM, "epoll_ctl ENOMEM", false},
    {Call::kEpollWait, EINTR, "epoll_wait EINTR", false},
    {Call::kLookUp, EAI_AGAIN, "getaddrinfo EAI_AGAIN"},
    {Call::kLookUp, EAI_SYSTEM, "getaddrinfo EAI_SYSTEM"},
    {Call::kPair, EMFILE, "socketpair EMFILE"},
};

/// More turns of the loop than any use needs, also one byte at a time.
constexpr std::size_t kManyTurns = 30'000;
/// More calls of a kind than any use makes.
constexpr std::uint32_t kManyCalls = 500;

/// Returns seconds of an idle machine as those of this one, as the helpers of the tests do.
double patient(double seconds) {
  const char* const patience = std::getenv("AIOPYR_TEST_PATIENCE");
  return seconds * (patience == nullptr ? 1.0 : std::atof(patience));
}

std::size_t count_descriptors() {
  return static_cast<std::size_t>(std::distance(
      std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()));
}

Task<void> ask_until_answered(Subject* subject) {
  for (;;) {
    bool is_answered = true;
    try {
      auto asking = subject->ask();
      co_await std::move(asking);
    } catch (const ClientError&) {
      is_answered = false;
    }
    if (is_answered) co_return;
    co_await sleep(0.01);  // it fails at once while it thinks that the server is away
  }
}

/// Waits for what a client leaves to threads, such as a cancel that is on its way.
Task<void> wait_for_descriptors(std::size_t wanted) {
  while (count_descriptors() != wanted) co_await sleep(0.002);
}

/// Runs one part of a use, which has to end in time.
void run(Task<void> part, const char* shown) {
  try {
    run_until_complete(wait_for(std::move(part), patient(20)));
  } catch (const TimeoutError&) {
    throw Error(std::string(shown) + " does not end");
  }
}

/// Uses a client while a call fails. Returns whether there was such a call.
bool use_with(const MakeSubject& make, const Way& way, std::uint32_t position) {
  const std::size_t descriptors = count_descriptors();
  arm({way.call, way.error, position});
  auto subject = make();
  run(subject->use(), "the use");
  const std::size_t turns = waits();
  const bool has_failed = disarm();
  if (turns > kManyTurns) throw Error("the loop has turned " + std::to_string(turns) + " times");
  if (!subject->problems().empty() && (!has_failed || !way.is_noticed)) {
    throw Error("noticed: " + subject->problems().front());
  }
  run(ask_until_answered(subject.get()), "the question afterwards");
  run(subject->close(), "the close");
  subject.reset();
  run(wait_for_descriptors(descriptors), "an open descriptor");
  return has_failed;
}

bool fail_one(const MakeSubject& make, const Way& way, std::uint32_t position) {
  try {
    return use_with(make, way, position);
  } catch (const std::exception& error) {
    throw Error(std::string(way.shown) + ", call " + std::to_string(position) + ": " +
                error.what());
  }
}

/// Returns whether the environment wants this way.
bool is_wanted(const char* shown) {
  const char* const wanted = std::getenv("AIOPYR_FAULT_WAYS");
  if (wanted == nullptr) return true;
  const std::string list = std::string(",") + wanted + ",";
  return list.find(std::string(",") + shown + ",") != std::string::npos;
}

/// Goes on to the first two positions that are not reached: two uses may differ by a call.
void fail_each(const MakeSubject& make, const Way& way) {
  std::uint32_t failed = 0;
  std::uint32_t unreached = 0;
  for (std::uint32_t position = 0; unreached < 2; ++position) {
    if (position == kManyCalls) throw Error(std::string(way.shown) + ": there is no end of calls");
    if (fail_one(make, way, position)) {
      ++failed;
    } else {
      ++unreached;
    }
  }
  std::printf("%s: %u calls\n", way.shown, failed);
}

}  // namespace

Task<void> Subject::attempt(Task<void> operation) {
  try {
    co_await std::move(operation);
  } catch (const ClientError& error) {
    require(!error.client().empty() && std::string(error.what()).size() > 10, "a clear error");
    problems_.emplace_back(error.what());
  }
}

void require(bool is_right, const std::string& what) {
  if (is_right) return;
  std::printf("wrong: %s\n", what.c_str());
  std::exit(1);
}

int fail_each_call(const MakeSubject& make, const Expectations& expected) {
  setvbuf(stdout, nullptr, _IOLBF, 0);
  try {
    // Makes what stays for good, such as threads and what libraries open once.
    const Way none{Call::kPair, EMFILE, "nothing"};
    auto first = make();
    run(first->use(), "the first use");
    run(first->close(), "the first close");
    first.reset();
    move_one_byte(true);
    use_with(make, none, kManyCalls);
    move_one_byte(false);
    for (Way way : kWays) {
      way.is_noticed = way.is_noticed || expected.may_be_noticed(way.shown);
      if (is_wanted(way.shown) && expected.is_tried(way.shown)) fail_each(make, way);
    }
  } catch (const std::exception& error) {
    std::printf("failed: %s\n", error.what());
    return 1;
  }
  std::printf("all calls have failed\n");
  return 0;
}

}  // namespace faults

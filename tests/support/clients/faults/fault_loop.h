#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/async.h>

/// Uses a client again and again, while one system call after another fails: tests/functional/
/// test_faulty_clients.py runs such a program for each client.
namespace faults {

using aiopyr::Task;

/// A client that is tried. A new one is made for each call that fails.
class Subject {
 public:
  virtual ~Subject() = default;
  /// Asks for all sorts of things, each by attempt(). Checks each answer by require().
  [[nodiscard]] virtual Task<void> use() = 0;
  /// Asks once for something, and checks the answer.
  [[nodiscard]] virtual Task<void> ask() = 0;
  /// Closes the client.
  [[nodiscard]] virtual Task<void> close() = 0;

  /// Returns the messages of the operations that failed with a ClientError.
  [[nodiscard]] const std::vector<std::string>& problems() const noexcept { return problems_; }

 protected:
  /// Runs an operation, which may fail with a ClientError; every other exception ends the program.
  [[nodiscard]] Task<void> attempt(Task<void> operation);

 private:
  std::vector<std::string> problems_;
};

/// Ends the program unless the answer is the one that was asked for.
void require(bool is_right, const std::string& what);

using MakeSubject = std::function<std::unique_ptr<Subject>()>;
/// Picks kinds of failures by what is printed of them, such as "write EPIPE".
using PickWays = std::function<bool(std::string_view)>;

/// Tells fail_each_call() in what a client differs from others.
struct Expectations {
  PickWays is_tried = [](std::string_view) { return true; };
  /// The ways that an operation may fail by, although the call has only to be repeated.
  PickWays may_be_noticed = [](std::string_view) { return false; };
};

/// Lets each system call of the client fail in each of its ways, and checks that
///
/// - each use ends in time, with right answers or ClientErrors,
/// - calls that only have to be repeated, or move less than asked, are noticed by nobody,
/// - the loop does not turn without end,
/// - the same client answers afterwards, and leaves no descriptor when it is closed.
///
/// The environment's AIOPYR_FAULT_WAYS names kinds, with commas between, where not all are wanted.
/// Prints a line for each kind of failure, with how many calls failed so. Returns the exit code.
/// Needs a loop.
int fail_each_call(const MakeSubject& make, const Expectations& expected = {});

}  // namespace faults

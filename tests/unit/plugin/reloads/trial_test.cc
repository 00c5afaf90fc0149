#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <catch2/catch.hpp>

#include <aiopyr/plugin/reloads/trial.h>

namespace aiopyr::plugin {
namespace {

constexpr Duration kTrialLimit = std::chrono::seconds(60);

TrialCommand shell(const std::string& script) {
  return {"/bin/sh", {"sh", "-c", script}, {"GREETING=hello"}, "/"};
}

/// Waits for the result as long as it takes: the machine may be slow.
TrialResult end_of(Trial& trial) {
  pollfd watched{trial.fd(), POLLIN, 0};
  while (true) {
    ::poll(&watched, 1, 1000);
    if (auto result = trial.result()) return *std::move(result);
  }
}

TrialResult end_of(const TrialCommand& command, Duration limit = kTrialLimit) {
  Trial trial(command, limit);
  return end_of(trial);
}

std::string reason_of(const std::string& script) { return end_of(shell(script)).reason; }

/// Shows whether processes live: those that have the pipe open for writing.
class NamedPipe {
 public:
  NamedPipe() { REQUIRE(::mkfifo(name_.c_str(), S_IRUSR | S_IWUSR) == 0); }
  ~NamedPipe() { ::unlink(name_.c_str()); }
  NamedPipe(const NamedPipe&) = delete;
  NamedPipe& operator=(const NamedPipe&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  void await_writer() { reader_.open(name_); }
  void await_no_writer() {
    std::string rest;
    std::getline(reader_, rest);
    CHECK(reader_.eof());
  }

 private:
  std::string name_ = "/tmp/aiopyr-trial-" + std::to_string(::getpid());
  std::ifstream reader_;
};

TEST_CASE("A program that ends with 0 has passed, whatever it writes") {
  CHECK(end_of(shell("exit 0")).has_passed);
  CHECK(end_of(shell("echo '[aiopyr] something'; echo more >&2")).has_passed);
}

TEST_CASE("A program that fails is told with its last words") {
  const TrialResult result = end_of(shell("echo one; echo '[aiopyr] no such app' >&2; exit 22"));
  CHECK_FALSE(result.has_passed);
  CHECK(result.reason == "no such app");
  CHECK(reason_of("exit 22") == "it has ended with 22");
  CHECK(reason_of("kill -SEGV $$") == "it has died of signal 11 (SEGV)");
}

TEST_CASE("What a program writes never makes it wait") {
  CHECK(reason_of("head -c 1000000 /dev/zero | tr '\\0' '\\n'; echo the end; exit 1") == "the end");
}

TEST_CASE("A program that cannot be run is told with the reason") {
  const TrialResult none = end_of(TrialCommand{"/nowhere/uwsgi", {"uwsgi"}, {}, ""});
  CHECK(none.reason == "/nowhere/uwsgi cannot be run: No such file or directory");
  const TrialResult folder = end_of(TrialCommand{"/bin/sh", {"sh"}, {}, "/nowhere"});
  CHECK(folder.reason == "/bin/sh cannot be run: No such file or directory");
}

TEST_CASE("A program runs in its folder, with its environment, and without descriptors or input") {
  const int open = ::open("/dev/null", O_RDONLY);  // would be inherited
  CHECK(reason_of("pwd; exit 1") == "/");
  CHECK(reason_of("echo $GREETING $HOME; exit 1") == "hello");
  CHECK(reason_of("cat; echo ended; exit 1") == "ended");
  CHECK(reason_of("test -e /proc/self/fd/" + std::to_string(open) +
                  " && echo inherited || echo closed; exit 1") == "closed");
  ::close(open);
}

TEST_CASE("A program that hangs is killed after its time, with what it has started") {
  const TrialResult result =
      end_of(shell("echo waiting; sleep 600 & wait"), std::chrono::milliseconds(200));
  CHECK_FALSE(result.has_passed);
  CHECK(result.reason == "it has not ended in time; its last line is: waiting");
}

TEST_CASE("What a program leaves behind ends with it, and is not waited for") {
  CHECK(reason_of("sleep 600 & echo started; exit 1") == "started");
}

TEST_CASE("What a program leaves behind may write for ever") {
  CHECK_FALSE(end_of(shell("(setsid yes &) | head -n 1; setsid yes & exit 1")).has_passed);
}

TEST_CASE("What a program leaves behind in a session of its own ends with it") {
  NamedPipe pipe;
  Trial trial(shell("(setsid sh -c 'exec 3> " + pipe.name() +
                    "; echo started; setsid sleep 600 & exec sleep 600' &) | head -n 1; exit 1"),
              kTrialLimit);
  pipe.await_writer();
  CHECK(end_of(trial).reason == "started");
  pipe.await_no_writer();
}

TEST_CASE("A trial that is dropped has its program killed, and what that has started") {
  NamedPipe pipe;
  auto trial = std::make_unique<Trial>(
      shell("exec 3> " + pipe.name() + "; setsid sleep 600 & exec sleep 600"), kTrialLimit);
  pipe.await_writer();
  CHECK_FALSE(trial->result());
  trial.reset();
  pipe.await_no_writer();
}

TEST_CASE("A trial is no child of the process that has it") {
  Trial trial(shell("exit 0"), kTrialLimit);
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(end_of(trial).has_passed);
}

}  // namespace
}  // namespace aiopyr::plugin

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "tests/unit/support/temporary_folder.h"
#include <aiopyr/plugin/io/temporary_file.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {
namespace {

using Catch::Contains;

/// Makes writes beyond so many bytes of a file fail, as on a full disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit less{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &less);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

/// Sets TMPDIR during its lifetime.
class TemporaryEnvironment {
 public:
  explicit TemporaryEnvironment(const char* value) {
    if (const char* const before = std::getenv("TMPDIR")) before_ = before;
    ::setenv("TMPDIR", value, 1);
  }
  ~TemporaryEnvironment() {
    before_.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before_.c_str(), 1);
  }
  TemporaryEnvironment(const TemporaryEnvironment&) = delete;
  TemporaryEnvironment& operator=(const TemporaryEnvironment&) = delete;

 private:
  std::string before_;
};

TEST_CASE("A temporary file keeps what was written, without a name, for this process alone") {
  const TemporaryFolder folder;
  TemporaryFile file(folder.path().string());
  file.append("hello ");
  file.append("");
  file.append("world");
  const auto body = file.release();
  REQUIRE(body != nullptr);
  CHECK(body->read(0, body->size()) == "hello world");
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK((::fcntl(body->fd(), F_GETFD) & FD_CLOEXEC) != 0);
  struct stat status {};
  REQUIRE(::fstat(body->fd(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("A folder in which no file can be made is named") {
  CHECK_THROWS_WITH(TemporaryFile("/nowhere/at/all"),
                    Contains("/nowhere/at/all cannot be made: No such file or directory"));
}

TEST_CASE("A file that cannot be written whole is an error that says why") {
  const TemporaryFolder folder;
  TemporaryFile file(folder.path().string());
  const FullDisk full(1000);
  file.append(std::string(900, 'x'));
  CHECK_THROWS_WITH(file.append(std::string(200, 'x')), Contains("cannot be written: "));
}

TEST_CASE("Temporary files are where they are wanted, else where the environment says") {
  const TemporaryEnvironment environment("/some/where");
  CHECK(temporary_folder("/here") == "/here");
  CHECK(temporary_folder("") == "/some/where");
  const TemporaryEnvironment without("");
  CHECK(temporary_folder("") == "/var/tmp");
}

}  // namespace
}  // namespace aiopyr::plugin

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/unit/support/temporary_folder.h"
#include <aiopyr/runtime/web/http/open_beneath.h>

using namespace aiopyr;
namespace fs = std::filesystem;

namespace {

/// Makes a folder `served`, and a secret file beside it.
struct Folders {
  Folders() {
    fs::create_directories(root / "sub");
    std::ofstream(root / "sub" / "file") << "inside";
    std::ofstream(outside.path() / "secret") << "outside";
    fs::create_directory(outside.path() / "served2");
    std::ofstream(outside.path() / "served2" / "file") << "outside";
    folder = detail::open_folder(root);
  }
  void link(const fs::path& target, const std::string& name) {
    fs::create_symlink(target, root / name);
  }
  /// Returns the content of a file; "none" if there is none.
  std::string read(const std::string& name) {
    const detail::Descriptor file = detail::open_beneath(folder, name);
    if (!file) return "none";
    std::array<char, 100> text{};
    const ssize_t length = ::read(file.get(), text.data(), text.size());
    return length < 0 ? "folder" : std::string(text.data(), static_cast<std::size_t>(length));
  }

  TemporaryFolder outside;
  fs::path root = outside.path() / "served";
  detail::Descriptor folder;
};

}  // namespace

TEST_CASE("files and folders below a folder are opened", "[web][static]") {
  Folders folders;
  CHECK(folders.read("sub/file") == "inside");
  CHECK(folders.read("sub") == "folder");
  CHECK(folders.read(".") == "folder");
  CHECK(folders.read("sub/../sub/file") == "inside");
  CHECK(folders.read("none") == "none");
  CHECK(folders.read("sub/file/x") == "none");
}

TEST_CASE("no way leads out of the folder", "[web][static]") {
  Folders folders;
  folders.link("../secret", "relative");
  folders.link(folders.outside.path() / "secret", "absolute");
  folders.link("..", "up");
  folders.link(folders.outside.path() / "served2", "sibling");
  folders.link("/proc/self/root", "magic");
  for (const char* name : {"../secret", "sub/../../secret", "relative", "absolute", "up/secret",
                           "sibling/file", "up", "magic/etc/passwd"}) {
    INFO(name);
    CHECK(folders.read(name) == "none");
  }
}

TEST_CASE("a link that stays within is followed, absolute or not", "[web][static]") {
  Folders folders;
  folders.link("sub/file", "relative");
  folders.link(folders.root / "sub" / "file", "absolute");
  folders.link(folders.root / "sub", "folder");
  CHECK(folders.read("relative") == "inside");
  CHECK(folders.read("absolute") == "inside");
  CHECK(folders.read("folder/file") == "inside");
}

TEST_CASE("a link that goes round in circles is no file", "[web][static]") {
  Folders folders;
  folders.link("b", "a");
  folders.link("a", "b");
  CHECK(folders.read("a") == "none");
}

TEST_CASE("a pipe without a writer is not waited for", "[web][static]") {
  Folders folders;
  REQUIRE(::mkfifo((folders.root / "pipe").c_str(), 0600) == 0);
  CHECK(folders.read("pipe").empty());
}

TEST_CASE("a folder that is not there is none", "[web][static]") {
  CHECK_FALSE(detail::open_folder("/nowhere/at/all"));
}

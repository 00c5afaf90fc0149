#pragma once

#include <string>
#include <utility>

namespace aiopyr::detail {

/// An open descriptor, or none; its one owner closes it.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
  [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// Opens a folder, below which files can be opened. Returns no descriptor if there is no such
/// folder.
[[nodiscard]] Descriptor open_folder(const std::string& path) noexcept;

/// Opens the file or folder at the relative path `name` for reading, if it lies below `folder`
/// after all symbolic links are followed. Returns no descriptor, and sets errno, if it does not
/// exist, may not be read, or lies elsewhere (ENOENT too). Blocks as open() does.
///
/// The kernel refuses paths that leave the folder (openat2 with RESOLVE_BENEATH), but also each
/// absolute link. For these, and where openat2 does not exist, the path of the opened file is read
/// from /proc/self/fd afterwards: a file that is open already cannot be exchanged.
[[nodiscard]] Descriptor open_beneath(const Descriptor& folder, const std::string& name) noexcept;

}  // namespace aiopyr::detail

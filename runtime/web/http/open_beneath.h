#pragma once

#include <string>
#include <utility>

namespace aiopyr::detail {

/// An open descriptor, or none; closed by its one owner.
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

/// Opens a folder to open files below. Returns no descriptor where there is no such folder.
[[nodiscard]] Descriptor open_folder(const std::string& path) noexcept;

/// Opens what is at the relative path `name` for reading, a file or a folder, if it lies below
/// `folder`, whatever symbolic links lead to. Returns no descriptor, and sets errno, where there is
/// nothing, or it may not be read or lies elsewhere; the last is ENOENT too. Blocks as open() does.
///
/// The kernel refuses paths that leave the folder (openat2 with RESOLVE_BENEATH), but also each
/// absolute link. For these, and where there is no openat2, the path of the opened file is read
/// from /proc/self/fd afterwards: nobody can exchange a file that is open already.
[[nodiscard]] Descriptor open_beneath(const Descriptor& folder, const std::string& name) noexcept;

}  // namespace aiopyr::detail

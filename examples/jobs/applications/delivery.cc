#include "delivery.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

#include "../../shared/settings.h"
#include "../forms.h"

namespace jobs {

using namespace aiopyr;

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class File {
 public:
  explicit File(const fs::path& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
    if (fd_ < 0) fail("a mail's file cannot be made");
  }
  ~File() { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  /// Writes all of it to the disk.
  void write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(fd_, text.data(), text.size());
      if (written < 0 && errno != EINTR) fail("a mail's file cannot be written");
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(fd_) != 0) fail("a mail's file cannot be written");
  }

 private:
  int fd_;
};

/// Writes elsewhere first, so that nobody reads half a mail.
void deliver_to_folder(const fs::path& folder, const std::string& name,
                       const std::string& message) {
  fs::create_directories(folder / "tmp");
  fs::create_directories(folder / "new");
  const fs::path written = folder / "tmp" / name;
  File(written).write(message);
  fs::rename(written, folder / "new" / name);
}

void deliver_to_program(const std::string& command, const std::string& message) {
  struct Close {
    void operator()(std::FILE* pipe) const noexcept { ::pclose(pipe); }
  };
  std::unique_ptr<std::FILE, Close> pipe(::popen(command.c_str(), "we"));
  if (!pipe) fail("mail.sendmail cannot be started");
  const bool is_written =
      std::fwrite(message.data(), 1, message.size(), pipe.get()) == message.size() &&
      std::fflush(pipe.get()) == 0;
  const int status = ::pclose(pipe.release());
  if (!is_written || status != 0) throw std::runtime_error("mail.sendmail has refused a mail");
}

}  // namespace

void Delivery::deliver(const std::string& name, const std::string& message) const {
  if (!folder.empty()) {
    deliver_to_folder(folder, name, message);
  } else {
    deliver_to_program(sendmail, message);
  }
}

Delivery delivery_of(Configurator& config) {
  const auto setting = [&](const char* name) {
    const auto found = config.settings().find(name);
    return found == config.settings().end() ? std::string() : found->second;
  };
  Delivery delivery{.from = shared::required_setting(config, "mail.from"),
                    .folder = setting("mail.folder"),
                    .sendmail = setting("mail.sendmail")};
  if (!check_email(delivery.from).empty())
    throw ConfigurationError("mail.from is no address: " + delivery.from);
  if (delivery.folder.empty() == delivery.sendmail.empty())
    throw ConfigurationError("the app needs one of the settings mail.folder and mail.sendmail");
  return delivery;
}

}  // namespace jobs

#pragma once

#include <string>

#include <aiopyr/aiopyr.h>

namespace jobs {

/// How mails leave: into a folder, or to a program as sendmail. Its functions block: for the
/// spooler.
struct Delivery {
  std::string from;      ///< the sender's address
  std::string folder;    ///< as a maildir: files come to its folder `new` complete
  std::string sendmail;  ///< a command that reads a message, such as `/usr/sbin/sendmail -t -i`

  /// Delivers a message. In the folder, one of the same name is replaced, so a mail that is
  /// delivered once more is there once. Throws std::system_error or std::runtime_error, and the
  /// mail may be tried again.
  void deliver(const std::string& name, const std::string& message) const;
};

/// Returns what the settings mail.from and either mail.folder or mail.sendmail say. Throws
/// ConfigurationError.
[[nodiscard]] Delivery delivery_of(aiopyr::Configurator& config);

}  // namespace jobs

#pragma once

#include <functional>
#include <string>

namespace aiopyr::postgres {

/// A message of the server that answers nothing, such as a warning.
struct Notice {
  std::string severity;
  std::string sqlstate;
  std::string message;
};
using NoticeHandler = std::function<void(const Notice&)>;

/// A message of a channel (SQL: NOTIFY).
struct Notification {
  std::string channel;
  std::string payload;
};
using NotificationHandler = std::function<void(Notification)>;

}  // namespace aiopyr::postgres

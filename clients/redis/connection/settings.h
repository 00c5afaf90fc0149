#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <aiopyr/clients/redis/protocol/reply_reader.h>
#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/transport/transport.h>
#include <aiopyr/runtime/base/client_figures.h>

namespace aiopyr::redis::detail {

/// Connects a stream to the server, TLS included; nullptr is no result. Called once a connection.
using Connector = std::function<Task<std::unique_ptr<Transport>>(Duration timeout)>;

/// The settings of all connections of a client. Shared by them.
struct ConnectionSettings {
  std::string server;  ///< for messages: the address, without user and password
  Connector connect;
  std::string user;
  std::string password;
  std::string client_name;
  std::uint32_t database = 0;
  std::uint32_t protocol = 3;    ///< the newest one to speak: 2 or 3
  bool requires_master = false;  ///< asks ROLE, and gives up a connection that answers READONLY
  Duration connect_timeout = std::chrono::seconds(5);  ///< look-up, TLS and login included
  Duration timeout = std::chrono::seconds(5);          ///< of an answer, from when it was asked
  Duration health_interval = std::chrono::seconds(30);
  std::size_t max_pending = 10'000;
  std::size_t max_pending_bytes = std::size_t{64} * 1024 * 1024;
  ReplyLimits limits;
  metrics::ClientFigures* figures = nullptr;
};

}  // namespace aiopyr::redis::detail

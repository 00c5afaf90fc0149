#include <algorithm>
#include <memory>
#include <optional>
#include <postgresql/libpq-fe.h>
#include <utility>
#include <vector>

#include <aiopyr/clients/base/resolve.h>
#include <aiopyr/clients/postgres/connection/connection.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/async/waits/fd_wait.h>
#include <aiopyr/runtime/base/one_line.h>

namespace aiopyr::postgres {

namespace {

using Handle = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using SettingsPointer = std::shared_ptr<const Settings>;

/// The lists that libpq takes: one entry for each address to try.
struct Targets {
  std::string hosts;
  std::string addresses;
  std::string ports;
  std::size_t count = 0;

  void add(const std::string& host, const std::string& address, std::uint16_t port) {
    const char* const comma = count++ == 0 ? "" : ",";
    hosts.append(comma).append(host);
    addresses.append(comma).append(address);
    ports.append(comma).append(std::to_string(port));
  }
};

[[noreturn]] void fail(const Settings& settings, std::string_view problem) {
  throw ConnectError({"postgres", settings.shown, "connect"}, to_one_line(problem));
}

/// Looks names up in a thread, since libpq's own look-up blocks.
Task<Targets> look_up(SettingsPointer settings) {
  Targets targets;
  std::string problem;
  for (const Settings::Host& host : settings->hosts) {
    if (host.is_unix() || !host.address.empty()) {
      targets.add(host.name, host.address, host.port);
      continue;
    }
    try {
      auto looking = clients::resolve(host.name, host.port, Seconds(settings->connect_timeout));
      const std::vector<clients::Address> found = co_await std::move(looking);
      for (const auto& address : found) targets.add(host.name, address.host(), host.port);
    } catch (const Error& error) {
      problem = error.what();
    }
  }
  if (targets.count == 0) fail(*settings, problem);
  co_return targets;
}

Handle start(const Settings& settings, const Targets& targets) {
  std::vector<const char*> keys = {"host", "hostaddr", "port"};
  std::vector<const char*> values = {targets.hosts.c_str(), targets.addresses.c_str(),
                                     targets.ports.c_str()};
  for (const auto& [key, value] : settings.parameters) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  Handle handle(PQconnectStartParams(keys.data(), values.data(), 0), &PQfinish);
  if (!handle) fail(settings, "libpq has no memory left");
  if (PQstatus(handle.get()) == CONNECTION_BAD) fail(settings, PQerrorMessage(handle.get()));
  return handle;
}

void drop_notice(void*, const PGresult*) {}

Task<Handle> establish(SettingsPointer settings) {
  auto looking = look_up(settings);
  const Targets targets = co_await std::move(looking);
  Handle handle = start(*settings, targets);
  PQsetNoticeReceiver(handle.get(), &drop_notice, nullptr);
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (status != PGRES_POLLING_OK) {
    if (status == PGRES_POLLING_FAILED) fail(*settings, PQerrorMessage(handle.get()));
    const FdEvents wanted = status == PGRES_POLLING_READING ? FdEvents::kRead : FdEvents::kWrite;
    // Each poll may have changed the socket: libpq tries another address with another one.
    const int fd = PQsocket(handle.get());
    const FdEvents ready = co_await wait_for_fd(fd, wanted);
    static_cast<void>(ready);
    status = PQconnectPoll(handle.get());
  }
  co_return handle;
}

Task<std::unique_ptr<Connection>> connect_within(SettingsPointer settings) {
  const auto hosts = static_cast<int>(std::max<std::size_t>(settings->hosts.size(), 1));
  const Seconds limit(settings->connect_timeout * hosts);
  Handle handle(nullptr, &PQfinish);
  bool is_late = false;
  try {
    auto establishing = wait_for(establish(settings), limit);
    handle = co_await std::move(establishing);
  } catch (const TimeoutError&) {
    is_late = true;
  }
  if (is_late) {
    fail(*settings,
         "no connection within the " + std::to_string(limit.count()) + " s of connect_timeout");
  }
  co_return std::make_unique<Connection>(handle.release(), settings);
}

}  // namespace

std::string to_one_line(std::string_view message) {
  std::string text;
  for (const char c : message) {
    const bool is_space = c == '\n' || c == '\t' || c == ' ';
    if (!is_space) {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  if (text.ends_with(' ')) text.pop_back();
  return one_line(text);
}

Task<std::unique_ptr<Connection>> connect(SettingsPointer settings) {
  return connect_within(std::move(settings));
}

}  // namespace aiopyr::postgres

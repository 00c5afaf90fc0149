#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <postgresql/libpq-fe.h>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/clients/base/resolve.h>
#include <aiopyr/clients/postgres/connection/connection.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/async/waits/fd_wait.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/one_line.h>

namespace aiopyr::postgres {

namespace {

using Handle = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using SettingsPointer = std::shared_ptr<const Settings>;

/// One address to try.
struct Target {
  std::string host;
  std::string address;  ///< empty for a Unix socket
  std::string port;
};
using Targets = std::vector<Target>;

[[noreturn]] void fail(const Settings& settings, std::string_view problem) {
  throw ConnectError({"postgres", settings.shown, "connect"}, to_one_line(problem));
}

/// Looks names up in a thread, since libpq's own look-up blocks.
Task<Targets> look_up(SettingsPointer settings) {
  Targets targets;
  std::string problem;
  for (const Settings::Host& host : settings->hosts) {
    const std::string port = std::to_string(host.port);
    if (host.is_unix() || !host.address.empty()) {
      targets.push_back({host.name, host.address, port});
      continue;
    }
    try {
      auto looking = clients::resolve(host.name, host.port, Seconds(settings->connect_timeout));
      const std::vector<clients::Address> found = co_await std::move(looking);
      for (const auto& address : found) targets.push_back({host.name, address.host(), port});
    } catch (const Error& error) {
      problem = error.what();
    }
  }
  if (targets.empty()) fail(*settings, problem);
  co_return targets;
}

/// Joins one part of all targets to a list, as libpq takes it.
std::string list_of(const Targets& targets, std::string Target::*part) {
  std::string list;
  for (const Target& target : targets) {
    if (&target != &targets.front()) list += ',';
    list += target.*part;
  }
  return list;
}

Handle start(const Settings& settings, const Targets& targets) {
  const std::string hosts = list_of(targets, &Target::host);
  const std::string addresses = list_of(targets, &Target::address);
  const std::string ports = list_of(targets, &Target::port);
  std::vector<const char*> keys = {"host", "hostaddr", "port"};
  std::vector<const char*> values = {hosts.c_str(), addresses.c_str(), ports.c_str()};
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

/// Returns the place of the target that libpq tries now; the first where that cannot be told.
std::size_t tried_target(const PGconn* handle, const Targets& targets) {
  const auto found = std::ranges::find_if(targets, [handle](const Target& target) {
    if (target.port != PQport(handle)) return false;
    if (!target.address.empty()) return target.address == PQhostaddr(handle);
    return target.host.empty() || target.host == PQhost(handle);
  });
  return found == targets.end() ? 0 : static_cast<std::size_t>(found - targets.begin());
}

/// Gives each target `limit`, which libpq leaves to who polls. Returns the place of the one that
/// took longer; nullopt once the connection is established.
Task<std::optional<std::size_t>> poll(SettingsPointer settings, PGconn* handle,
                                      const Targets* targets, Duration limit) {
  std::optional<std::size_t> late;
  std::optional<std::size_t> tried;
  TimePoint until{};
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (status != PGRES_POLLING_OK) {
    if (status == PGRES_POLLING_FAILED) fail(*settings, PQerrorMessage(handle));
    const std::size_t target = tried_target(handle, *targets);
    if (tried != target) until = Loop::current()->now() + limit;
    tried = target;
    const FdEvents wanted = status == PGRES_POLLING_READING ? FdEvents::kRead : FdEvents::kWrite;
    // Each poll may have changed the socket: libpq tries another address with another one.
    const int fd = PQsocket(handle);
    const Seconds left(until - Loop::current()->now());
    try {
      auto waiting = wait_for_fd(fd, wanted, left);
      co_await std::move(waiting);
    } catch (const TimeoutError&) {
      late = target;
    }
    if (late) co_return late;
    status = PQconnectPoll(handle);
  }
  co_return late;
}

/// Returns how long all hosts together may take.
Duration whole_limit(const Settings& settings) {
  return settings.connect_timeout * std::max<std::size_t>(settings.hosts.size(), 1);
}

Task<Handle> establish(SettingsPointer settings) {
  auto looking = look_up(settings);
  Targets targets = co_await std::move(looking);
  const Duration limit = whole_limit(*settings) / targets.size();
  while (!targets.empty()) {
    Handle handle = start(*settings, targets);
    PQsetNoticeReceiver(handle.get(), &drop_notice, nullptr);
    auto polling = poll(settings, handle.get(), &targets, limit);
    const std::optional<std::size_t> late = co_await std::move(polling);
    if (!late) co_return handle;
    // Goes on behind the one that is late. Those before it come last: they refused, or they are
    // not what target_session_attrs prefers.
    const auto place = targets.begin() + static_cast<std::ptrdiff_t>(*late);
    std::rotate(targets.begin(), place, targets.end());
    targets.erase(targets.begin());
  }
  throw TimeoutError("no server answered in time");
}

Task<std::unique_ptr<Connection>> connect_within(SettingsPointer settings) {
  const Seconds limit(whole_limit(*settings));
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

#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>

#include <aiopyr/plugin/server/uwsgi_api.h>

/// Hides the differences between uWSGI 2.1, the master branch, and 2.0. Each function is a
/// template, so that the compiler looks up only the names of the uWSGI that it compiles against.
namespace aiopyr::plugin {

/// Returns how many bytes of variables a core's packet has. 2.1 stores that in the request, as its
/// packets may be longer than their header can tell.
template <class Request>
std::size_t packet_size(const Request& core) noexcept {
  if constexpr (requires { core.uh->pktsize; }) {
    return core.uh->pktsize;
  } else {
    return core.len;
  }
}
template <class Request>
void set_packet_size(Request& core, std::size_t size) noexcept {
  if constexpr (requires { core.uh->pktsize; }) {
    core.uh->pktsize = static_cast<std::uint16_t>(size);
  } else {
    core.uh->_pktsize = static_cast<std::uint16_t>(size);
    core.len = size;
  }
}

/// Sets, in memory that the master reads, the second after which it kills this worker; 0 for never.
/// 2.1 has one for each core; the first is used for the loop, for which all of them wait.
template <class Server>
void set_harakiri_at(Server& server, std::time_t when) noexcept {
  auto& worker = server.workers[server.mywid];
  if constexpr (requires { worker.harakiri; }) {
    worker.harakiri = when;
  } else {
    worker.cores[0].harakiri = when;
  }
}

/// Runs the handler of the signal in the pipe, which has to be readable, in a worker. 2.1 also
/// takes the waiting request, of which there is none.
template <class Receive>
void receive_worker_signal(Receive receive, int fd, int worker) {
  auto* const name = const_cast<char*>("worker");
  if constexpr (requires { receive(fd, name, worker); }) {
    receive(fd, name, worker);
  } else {
    receive(nullptr, fd, name, worker);
  }
}

}  // namespace aiopyr::plugin

#include <algorithm>
#include <deque>
#include <string_view>

#include <aiopyr/plugin/server/listener.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

/// All listeners, in a deque, whose elements do not move.
std::deque<Listener> listeners;

/// Returns the name of a socket's protocol. uWSGI has none for sockets with the protocol of its
/// option `protocol`, nor for its own default protocol.
std::string_view protocol_of(const uwsgi_socket& socket) noexcept {
  if (socket.proto_name != nullptr) return socket.proto_name;
  return uwsgi.protocol != nullptr ? uwsgi.protocol : "uwsgi";
}

}  // namespace

const Listener& listener_of(uwsgi_socket& socket) noexcept {
  const auto found =
      std::find_if(listeners.begin(), listeners.end(),
                   [&](const Listener& listener) { return listener.socket == &socket; });
  if (found != listeners.end()) return *found;
  return listeners.emplace_back(
      Listener{socket.fd, traits_of_protocol(protocol_of(socket)), &socket});
}

const SocketTraits& traits_of(uwsgi_socket& socket) noexcept { return listener_of(socket).traits; }

}  // namespace aiopyr::plugin

#include <cassert>
#include <exception>
#include <utility>

#include <aiopyr/plugin/connection/ending.h>

namespace aiopyr::plugin {

namespace {

/// Takes the stream out of a connection, whose watch ends before another one begins.
std::unique_ptr<Transport> stream_of(std::unique_ptr<ClientConnection>& connection) noexcept {
  const auto owned = std::move(connection);
  assert(!owned->answers().has_rest() && "answers are held for a stream that is given away");
  return owned->stream().release();
}

struct CarryOut {
  std::unique_ptr<ClientConnection>& connection;
  ClientConnections& all;

  void operator()(ending::ByUwsgi&) const noexcept {}
  void operator()(ending::Kept&) const { all.add(std::move(connection)); }
  void operator()(ending::WithRest& rest) const {
    all.tails().add(std::move(connection), std::move(rest.body), rest.keep);
  }
  void operator()(ending::HandedOver& handed) const {
    handed.take_over(stream_of(connection), std::move(handed.leftover));
  }
  void operator()(ending::InOrder&) const { all.closes().add(stream_of(connection)); }
  void operator()(ending::Refused&) const { all.closes().add_refused(stream_of(connection)); }
};

}  // namespace

void carry_out(Ending ending, std::unique_ptr<ClientConnection> connection,
               ClientConnections& all) noexcept {
  try {
    std::visit(CarryOut{connection, all}, ending);
  } catch (...) {
    all.loop().handle_exception(std::current_exception(),
                                "the end of a request: its connection is closed");
  }
}

}  // namespace aiopyr::plugin

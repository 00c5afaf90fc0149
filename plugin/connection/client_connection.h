#pragma once

#include <cstdint>
#include <memory>

#include <aiopyr/plugin/connection/answers.h>
#include <aiopyr/plugin/connection/arrival.h>
#include <aiopyr/plugin/connection/awaited_body.h>
#include <aiopyr/plugin/connection/client_origin.h>
#include <aiopyr/plugin/connection/client_stream.h>
#include <aiopyr/plugin/connection/client_wait.h>
#include <aiopyr/plugin/connection/received_request.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/async/transport/transport.h>
#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr::plugin {

class ClientConnections;

/// One connection of a client, from its accept to its end or its upgrade: the stream, and the data
/// of its current request. It has one owner at a time: ClientConnections while it waits, the fiber
/// of a core while its request is served, ResponseTails while the rest of a response leaves. Its
/// parts do the work and know nothing of each other.
///
/// On the loop's thread. Its owner decides what happens to it, in the root context.
class ClientConnection final : public ListHook, private ClientWait::Owner, private Answers::Owner {
 public:
  enum class Stage : std::uint8_t {
    kReads,           ///< its client has to send the rest of a request, or all of it
    kAwaitsCore,      ///< its request is there, and waits for a core
    kAwaitsBodyCore,  ///< the same, for one in which a body may be read (SlowCores)
    kAwaitsLast,      ///< as kAwaitsCore, behind all others: its client may have given up
    kServed,          ///< its request is in a core, or its response is leaving
  };

  /// Begins in kServed, with nothing received. `all` has to outlive it.
  ClientConnection(ClientConnections& all, const ClientOrigin& origin,
                   std::unique_ptr<Transport> transport, Arrival arrival);
  ~ClientConnection() = default;
  ClientConnection(const ClientConnection&) = delete;
  ClientConnection& operator=(const ClientConnection&) = delete;

  [[nodiscard]] Stage stage() const noexcept { return stage_; }
  [[nodiscard]] const ClientOrigin& origin() const noexcept { return origin_; }
  [[nodiscard]] ClientStream& stream() noexcept { return stream_; }
  [[nodiscard]] Answers& answers() noexcept { return answers_; }
  /// Returns the request that is awaited, waits, or is served.
  [[nodiscard]] Arrival& arrival() noexcept { return arrival_; }
  [[nodiscard]] ReceivedRequest& received() noexcept { return received_; }
  [[nodiscard]] AwaitedBody& body() noexcept { return body_; }

  /// Returns whether there are received bytes to parse, or everything awaited is there, without an
  /// event of the socket.
  [[nodiscard]] bool has_input() const noexcept;
  /// Returns whether the request is for HEAD, as far as it has come; looks into the socket where
  /// nothing was read yet, unless TLS hides what is there.
  [[nodiscard]] bool is_for_head() const noexcept;
  /// Returns whether it was kept after a request, and its client has not sent a byte of the next.
  [[nodiscard]] bool is_idle() const noexcept {
    return stage_ == Stage::kReads && arrival_.served > 0 && !received_.has_begun();
  }

 private:
  friend class ClientConnections;

  [[nodiscard]] bool awaits_core() const noexcept {
    return stage_ == Stage::kAwaitsCore || stage_ == Stage::kAwaitsBodyCore ||
           stage_ == Stage::kAwaitsLast;
  }
  /// Enters kReads.
  void await_client();
  /// Enters kAwaitsCore, or kAwaitsBodyCore if its body has not arrived completely.
  void await_core();
  /// Enters kAwaitsLast. Requires: it waits for a core.
  void await_last() noexcept { stage_ = Stage::kAwaitsLast; }
  /// Makes it wait for a core for as long again.
  void prolong_queueing();
  /// Enters kServed: ends all waits.
  void begin_serving() noexcept;

  void on_input() override;
  void on_time() override;
  bool on_stuck() noexcept override;
  [[nodiscard]] bool has_body_to_come() const noexcept;
  [[nodiscard]] TimePoint read_deadline() const noexcept;

  ClientConnections& all_;
  ClientOrigin origin_;
  ClientStream stream_;
  Arrival arrival_;
  ReceivedRequest received_;
  AwaitedBody body_;
  ClientWait wait_;
  Answers answers_;
  Stage stage_ = Stage::kServed;
  bool has_early_input_ = false;  // bytes arrived while its request was served
  TimePoint queued_at_{};
};

}  // namespace aiopyr::plugin

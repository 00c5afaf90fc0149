#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <aiopyr/clients/base/backoff.h>
#include <aiopyr/clients/postgres/connection/connection.h>
#include <aiopyr/clients/postgres/subscription.h>
#include <aiopyr/runtime/async/waits/event.h>

namespace aiopyr::postgres::detail {

class DatabaseCore;

/// The events that have come for one Subscription.
struct SubscriptionState {
  enum class Phase : std::uint8_t {
    kNew,        ///< the server does not listen yet
    kListening,  ///< it does
    kLost,       ///< it did, until the connection was lost
    kClosed      ///< it will not any more
  };

  explicit SubscriptionState(std::string of) : channel(std::move(of)) {}

  void push(std::string payload);
  void add_gap();
  void set(Phase next);
  void end(std::exception_ptr why);

  std::string channel;
  std::deque<Received> received;
  Phase phase = Phase::kNew;
  std::exception_ptr error;  ///< why it was closed
  Event changed;
};

/// The connection that listens for all Subscriptions of a Database. It is made with the first one,
/// closed after the last, and made again, after a delay that grows, when it is lost. Loop thread
/// only.
class Listener final {
 public:
  /// Subscribes, and waits until the server listens. Throws where it cannot be reached now.
  static Task<Subscription> subscribe(std::shared_ptr<DatabaseCore> core, std::string channel);

  /// Ends all subscriptions.
  void close() noexcept;

 private:
  using StatePointer = std::shared_ptr<SubscriptionState>;
  using Pointer = std::shared_ptr<Listener>;

  class Answered final : public Runnable {
   public:
    explicit Answered(Listener& listener) : listener_(listener) {}
    void run() override { listener_.changed_.set(); }

   private:
    Listener& listener_;
  };

  static Task<void> keep(std::shared_ptr<DatabaseCore> core, Pointer self);
  static Task<void> serve(std::shared_ptr<DatabaseCore> core, Pointer self);
  static Task<void> connect(std::shared_ptr<DatabaseCore> core, Pointer self);
  static Task<void> listen_anew(Pointer self);
  static Task<void> stop_listening(Pointer self);
  static Task<bool> wait_for_change(Pointer self);

  void deliver(const Notification& notification);
  void note_loss(const std::exception_ptr& error);
  /// Returns whether the server is to listen on a channel of which it does not know.
  [[nodiscard]] bool has_new();
  [[nodiscard]] std::vector<StatePointer> subscribers();
  /// Returns the channels on which the server listens for nobody any more.
  [[nodiscard]] std::vector<std::string> unread_channels();

  std::unique_ptr<Connection> connection_;
  std::vector<std::weak_ptr<SubscriptionState>> subscribers_;
  std::set<std::string> channels_;  ///< on which the connection listens
  clients::Backoff backoff_;
  bool is_kept_ = false;
  bool is_closed_ = false;
  Event changed_;
  Answered on_answer_{*this};
};

}  // namespace aiopyr::postgres::detail

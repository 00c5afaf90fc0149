#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <aiopyr/clients/base/pool.h>
#include <aiopyr/clients/postgres/connection/connection.h>

namespace aiopyr::postgres::detail {

/// Spreads queries of all requests over connections that they share in pipeline mode.
///
/// Queries that are known to be quick follow each other on one connection, as long as its server
/// has little to do: each write to another one would wake one more of its processes. Other queries
/// go to the connection with the fewest on the way; one whose server has worked at the same
/// statement for long counts as the worst. Where all are busy, another connection is taken from the
/// pool, up to its size. Where somebody waits for a connection of his own, one of the shared ones
/// gets no more queries, and is given back when its last answer has come. Each is given back
/// whenever it has nothing to do. Loop thread only.
class Sharer {
 public:
  using Pool = clients::Pool<Connection>;

  /// `owner` returns what keeps this object alive, for waits that go on by themselves; null once it
  /// is being destroyed.
  Sharer(Pool& pool, std::size_t pipeline, metrics::ClientFigures& figures,
         std::function<std::shared_ptr<void>()> owner)
      : pool_(pool), pipeline_(pipeline), figures_(figures), owner_(std::move(owner)) {}
  ~Sharer();
  Sharer(const Sharer&) = delete;
  Sharer& operator=(const Sharer&) = delete;

  /// Sends an exchange now, or once a connection can take it. Throws PoolExhaustedError where too
  /// many wait.
  void submit(std::shared_ptr<Exchange> exchange);

 private:
  struct Shared {
    clients::Lease<Connection> lease;
    bool yields = false;  ///< gets no more queries, since somebody waits for it, or it is old
  };
  class Sweep final : public Runnable {
   public:
    explicit Sweep(Sharer& sharer) : sharer_(sharer) {}
    void run() override { sharer_.sweep(); }

   private:
    Sharer& sharer_;
  };
  class Deadline final : public Timer {
   public:
    explicit Deadline(Sharer& sharer) : sharer_(sharer) {}

   private:
    void on_timer() override { sharer_.check_deadlines(); }
    Sharer& sharer_;
  };

  static Task<void> obtain(std::shared_ptr<void> owner, Sharer& self);

  void send(Connection& connection, std::shared_ptr<Exchange> exchange);
  Connection* choose();
  Connection* follow(const Exchange& exchange);
  [[nodiscard]] bool takes_more(const Shared& shared) const;
  void yield_some(TimePoint now);
  bool grow(bool has_any);
  void add(clients::Lease<Connection> lease);
  void sweep();
  void send_first(Connection& connection);
  void send_waiting();
  void check_deadlines();
  void set_deadline(Loop& loop, TimePoint when);
  void forget_abandoned();
  [[nodiscard]] TimePoint limit_of(const Exchange& exchange) const;
  void fail_waiting(const std::exception_ptr& error);
  std::shared_ptr<Exchange> pop_waiting();

  Pool& pool_;
  std::size_t pipeline_;
  metrics::ClientFigures& figures_;
  std::vector<Shared> shared_;
  std::size_t recent_ = 0;  ///< the index of the connection that was chosen last
  Duration given_{};        ///< the work that it has got since
  std::deque<std::shared_ptr<Exchange>> waiting_;
  std::function<std::shared_ptr<void>()> owner_;
  bool obtaining_ = false;
  Sweep sweep_{*this};
  TimePoint due_{};  ///< when deadline_ is due
  Deadline deadline_{*this};
};

}  // namespace aiopyr::postgres::detail

#pragma once

#include <deque>
#include <memory>
#include <vector>

#include <aiopyr/clients/base/pool.h>
#include <aiopyr/clients/postgres/connection/connection.h>

namespace aiopyr::postgres::detail {

/// Spreads queries of all requests over connections that they share in pipeline mode.
///
/// A query goes to the connection with the fewest on the way; one whose server has worked at the
/// same statement for long counts as the worst. Where all are busy, another connection is taken
/// from the pool, up to its size. Where somebody waits for a connection of his own, one of the
/// shared ones gets no more queries, and is given back when its last answer has come. Each is given
/// back whenever it has nothing to do. Loop thread only.
class Sharer {
 public:
  using Pool = clients::Pool<Connection>;

  Sharer(Pool& pool, std::size_t pipeline, metrics::ClientFigures& figures)
      : pool_(pool), pipeline_(pipeline), figures_(figures) {}
  ~Sharer();
  Sharer(const Sharer&) = delete;
  Sharer& operator=(const Sharer&) = delete;

  /// Sends an exchange now, or once a connection can take it; `owner` keeps this object alive until
  /// then. Throws PoolExhaustedError where too many wait.
  void submit(const std::shared_ptr<void>& owner, std::shared_ptr<Exchange> exchange);

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

  Connection* choose();
  void yield_some(TimePoint now);
  void grow();
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
  std::deque<std::shared_ptr<Exchange>> waiting_;
  std::weak_ptr<void> owner_;
  bool obtaining_ = false;
  Sweep sweep_{*this};
  TimePoint due_{};  ///< when deadline_ is due
  Deadline deadline_{*this};
};

}  // namespace aiopyr::postgres::detail

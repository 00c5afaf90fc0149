#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <aiopyr/plugin/connection/client_stream.h>
#include <aiopyr/plugin/connection/held_bytes.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/async/transport/output_batch.h>

namespace aiopyr::plugin {

/// The short answers of one connection that leave with those of others (OutputBatch), and with
/// those to requests behind them that are there already.
///
/// Answers are *stuck* while their client does not read them: nothing else may be sent before them.
/// They are also *broken* where they were lost. On the loop's thread.
class Answers {
 public:
  /// Whose answers they are.
  class Owner {
   public:
    /// Called when answers that were to leave with others are stuck. Returns whether the owner has
    /// taken care of them, and may have destroyed itself; else they leave once the client reads on.
    virtual bool on_stuck() noexcept = 0;

   protected:
    ~Owner() = default;
  };

  /// All have to outlive it. `has_small_buffers`: the kernel takes less of an answer than usual.
  Answers(Owner& owner, ClientStream& stream, Loop& loop, OutputBatch& batch,
          bool has_small_buffers) noexcept;
  /// Sends what is held, as far as the client takes it.
  ~Answers() { send(); }
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;

  /// Holds another answer. Requires: has_room_for() it. Returns false, with nothing done, where
  /// there is no memory.
  [[nodiscard]] bool add(std::string_view head, std::string_view body);
  /// Returns whether so many bytes can be held; sends what is held before, if there is too much.
  [[nodiscard]] bool has_room_for(std::size_t bytes) noexcept;
  /// Returns whether what is held may wait for the next answer: of a client that does not read it
  /// may not, since a request holds a core while it waits to write.
  [[nodiscard]] bool may_hold_on() noexcept;
  /// Sends what is held now. Returns whether it has left whole, or there was none.
  bool send() noexcept;
  /// Gives away what has not left, with `more` behind it; empty where all has. Throws
  /// std::bad_alloc, with nothing done.
  [[nodiscard]] std::string take(std::string_view more = {});

  [[nodiscard]] bool is_stuck() const noexcept { return is_stuck_; }
  [[nodiscard]] bool has_rest() const noexcept { return !held_.empty(); }
  [[nodiscard]] bool is_broken() const noexcept { return is_stuck_ && !has_rest(); }

 private:
  class Sending final : public Runnable {
   public:
    explicit Sending(Answers& answers) noexcept : answers_(answers) {}
    void run() override { answers_.send_in_batch(); }

   private:
    Answers& answers_;
  };

  /// Sends the rest once the client reads on, while its next request is served.
  class RestWatch final : public FdWatch {
   public:
    explicit RestWatch(Answers& answers) noexcept : answers_(answers) {}

   private:
    void on_ready(FdEvents) override { answers_.send(); }
    Answers& answers_;
  };

  void send_in_batch();

  Owner& owner_;
  ClientStream& stream_;
  Loop& loop_;
  OutputBatch& batch_;
  HeldBytes held_;
  bool has_small_buffers_;
  bool is_stuck_ = false;
  bool is_read_ = false;  // what is held will find room
  Sending sending_{*this};
  RestWatch rest_watch_{*this};
};

}  // namespace aiopyr::plugin

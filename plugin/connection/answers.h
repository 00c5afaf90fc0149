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

/// The short answers of one connection that leave together with those of others (OutputBatch), and
/// with those to later requests that have already arrived.
///
/// Answers are *stuck* while their client does not read them: nothing else may be sent before them.
/// They are *broken* if they were lost. On the loop's thread.
class Answers {
 public:
  /// The owner of the answers.
  class Owner {
   public:
    /// Called when answers that were to leave with others are stuck. Returns whether the owner has
    /// handled that, and may have destroyed itself; otherwise they leave once the client reads on.
    virtual bool on_stuck() noexcept = 0;

   protected:
    ~Owner() = default;
  };

  /// All arguments have to outlive it. `has_small_buffers`: the kernel takes less of an answer than
  /// usual.
  Answers(Owner& owner, ClientStream& stream, Loop& loop, OutputBatch& batch,
          bool has_small_buffers) noexcept;
  /// Sends the held answers, as far as the client takes them.
  ~Answers() { send(); }
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;

  /// Holds another answer. Requires: has_room_for() it. Returns false, without any change, if there
  /// is no memory.
  [[nodiscard]] bool add(std::string_view head, std::string_view body);
  /// Returns whether so many bytes can be held; first sends the held ones if there are too many.
  [[nodiscard]] bool has_room_for(std::size_t bytes) noexcept;
  /// Returns whether the held answers may wait for the next one. Not if the client does not read,
  /// since a request holds a core while it waits to write.
  [[nodiscard]] bool may_hold_on() noexcept;
  /// Sends the held answers now. Returns whether all have left, or there were none.
  bool send() noexcept;
  /// Gives away the unsent rest, followed by `more`; empty if all has left. Throws std::bad_alloc,
  /// without any change.
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
  bool is_read_ = false;  // the held answers will find room
  Sending sending_{*this};
  RestWatch rest_watch_{*this};
};

}  // namespace aiopyr::plugin

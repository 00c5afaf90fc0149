#pragma once

#include <cstddef>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>

namespace aiopyr {

/// Collects what connections answer to the input of one turn, and sends it after that input, one
/// connection after another. The kernel's path from a send to the receiver is long enough to push
/// all other code out of the nearest caches, so a view that continues between two sends costs up to
/// twice as much as one that continues after another view.
///
/// Loop thread only. Owns nothing: a Runnable that is destroyed removes itself.
class OutputBatch {
 public:
  /// Runs `write` when this turn's input has been handled. Runs it earlier, together with all that
  /// wait by then, once there are so many that the first would wait for long; possibly at once.
  void add(Loop& loop, Runnable& write);

 private:
  static constexpr std::size_t kMost = 16;

  class End final : public Runnable {
   public:
    explicit End(OutputBatch& batch) noexcept : batch_(batch) {}
    void run() override { batch_.write_all(); }

   private:
    OutputBatch& batch_;
  };

  void write_all();

  IntrusiveList<Runnable> writes_;
  std::size_t count_ = 0;  // how many were added since writes_ was empty
  End end_{*this};
};

}  // namespace aiopyr

#pragma once

#include <aiopyr/runtime/base/counter.h>
#include <aiopyr/runtime/base/duration_histogram.h>

namespace aiopyr {

/// What a loop counts. Its thread writes, any thread reads.
struct LoopCounters {
  metrics::Gauge fibers;  ///< that have a body now
  /// The most bytes that any fiber has used of its stack, in whole pages. Each stack is looked at
  /// when a fiber ends on it, once a second at most; it shows the deepest use since it was made.
  metrics::Gauge stack_high_water;
  /// How long turns took, from when the loop was woken. Whatever became due or readable meanwhile
  /// was late by up to that.
  metrics::DurationHistogram turns;
  metrics::Gauge longest_turn;  ///< nanoseconds

  /// Resets the gauges, which belonged to the loop before: for a new loop that goes on counting.
  void forget_gauges() noexcept {
    fibers.set(0);
    stack_high_water.set(0);
    longest_turn.set(0);
  }
};

/// What an executor counts. Written by every thread that submits to it or belongs to it.
struct ExecutorCounters {
  metrics::Gauge queued;     ///< jobs that wait for a thread
  metrics::Gauge running;    ///< jobs that run
  metrics::Counter jobs;     ///< that were taken
  metrics::Counter refused;  ///< because the queue was full

  void forget_gauges() noexcept {
    queued.set(0);
    running.set(0);
  }
};

}  // namespace aiopyr

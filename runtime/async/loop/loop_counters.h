#pragma once

#include <aiopyr/runtime/base/counter.h>
#include <aiopyr/runtime/base/duration_histogram.h>

namespace aiopyr {

/// The counters of a loop. The loop's thread writes, any thread reads.
struct LoopCounters {
  metrics::Gauge fibers;  ///< fibers that have a body now
  /// The most bytes that any fiber has used of its stack, in whole pages. A stack is measured when
  /// a fiber ends on it, at most once a second; the value is its deepest use since it was made.
  metrics::Gauge stack_high_water;
  /// How long turns took, from when the loop was woken. Events that became due or readable in a
  /// turn were late by up to that.
  metrics::DurationHistogram turns;
  metrics::Gauge longest_turn;  ///< nanoseconds

  /// Resets the gauges, which described the previous loop: for a new loop that goes on counting.
  void forget_gauges() noexcept {
    fibers.set(0);
    stack_high_water.set(0);
    longest_turn.set(0);
  }
};

/// The counters of an executor. Written by every thread that submits to it or belongs to it.
struct ExecutorCounters {
  metrics::Gauge queued;     ///< jobs that wait for a thread
  metrics::Gauge running;    ///< jobs that run
  metrics::Counter jobs;     ///< jobs that were accepted
  metrics::Counter refused;  ///< jobs refused because the queue was full

  void forget_gauges() noexcept {
    queued.set(0);
    running.set(0);
  }
};

}  // namespace aiopyr

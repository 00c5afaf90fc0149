#pragma once

#include <atomic>
#include <cstdint>

/// What a test and the process that runs with faulty_calls.so preloaded tell each other, in the
/// file that the environment names AIOPYR_FAULTS. tests/support/faults.py knows this layout.
///
/// The test writes the first part before it does something to the server, the library the second.
struct Control {
  // Calls of these kinds (bits, see Kind) are counted from 0; the one numbered `fails_at` fails.
  std::atomic<std::uint32_t> kinds;
  std::atomic<std::uint32_t> fails_at;
  std::atomic<std::int32_t> error;        // errno of the one that fails
  std::atomic<std::uint32_t> one_byte;    // not 0: clients' sockets move a byte a call
  std::atomic<std::int64_t> clock_shift;  // seconds that the clock of the day is off

  std::atomic<std::uint32_t> calls;   // counted so far
  std::atomic<std::uint32_t> failed;  // the kind of the call that was failed; 0 for none
  std::atomic<std::int32_t> free_cores;
  std::atomic<std::uint32_t> turns;  // of the loop: it goes up whenever it begins to wait
};

enum Kind : std::uint32_t {
  kAccept = 1,
  kRead = 2,
  kWrite = 4,
  kEpollWait = 8,
  kEpollCtl = 16,
  kPoll = 32,
  kStack = 64,  // memory for fibers' stacks
  kThread = 128,
  kSetsockopt = 256,
  kShutdown = 512,
  kMemory = 1024,  // what C++ allocates, in the loop's thread; std::bad_alloc comes of it
};

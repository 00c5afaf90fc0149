#pragma once

#include <atomic>
#include <cstdint>

/// The memory that a test shares with the process in which faulty_calls.so is preloaded, in the
/// file that the environment variable AIOPYR_FAULTS names. tests/support/faults.py knows this
/// layout. The test writes the first part before it does something to the server, the library
/// writes the second.
struct Control {
  // Calls of these kinds (bits, see Kind) are counted from 0; the call number `fails_at` fails.
  std::atomic<std::uint32_t> kinds;
  std::atomic<std::uint32_t> fails_at;
  std::atomic<std::int32_t> error;        // errno of the call that fails
  std::atomic<std::uint32_t> one_byte;    // if not 0, clients' sockets move one byte per call
  std::atomic<std::int64_t> clock_shift;  // seconds by which the wall clock is wrong

  std::atomic<std::uint32_t> calls;   // counted so far
  std::atomic<std::uint32_t> failed;  // the kind of the call that has failed; 0 for none
  std::atomic<std::int32_t> free_cores;
  std::atomic<std::uint32_t> turns;  // turns of the loop: counts how often it begins to wait
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
  kMemory = 1024,  // C++ allocations in the loop's thread; they throw std::bad_alloc
};

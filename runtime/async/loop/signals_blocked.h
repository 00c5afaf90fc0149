#pragma once

#include <csignal>
#include <pthread.h>

namespace aiopyr::detail {

/// Blocks every signal of this thread while it exists; threads started meanwhile inherit that.
/// uWSGI's handlers belong on the loop's thread.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace aiopyr::detail

#pragma once

#include <aiopyr/runtime/base/compiler.h>

#include <stdexcept>
#include <string>

/// The exceptions that the runtime raises.
///
///   std::runtime_error
///   └── Error
///       ├── ConfigurationError     a setting, a registration or an app that cannot work
///       ├── ScopeError             a synchronized call outside of a fiber
///       ├── InvalidStateError      a result asked for twice, or before it is there
///       ├── KeyError               a name that something does not have
///       ├── TimeoutError           wait_for or a deadline ran out
///       ├── ExecutorFullError      the executor's queue has no place left
///       ├── ClientDisconnected     the peer went away while we were reading or writing
///       ├── HttpException          runtime/web/http/httpexceptions.h
///       └── ConnectionClosed       websocket/session/errors.h
///   CancelledError                 not an Error: code that handles errors does not see it
///   WebsocketClosed                not an Error either: websocket/session/errors.h
///
/// Values may be thrown on one thread and caught on another.
namespace aiopyr {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Raised while an app is configured, as pyramid.exceptions.ConfigurationError is.
class ConfigurationError : public Error {
 public:
  using Error::Error;
};

/// Raised by a synchronized call that is made where nothing can be parked: in the loop, in a
/// coroutine or in a foreign thread (aiopyramid.exceptions.ScopeError).
class ScopeError : public Error {
 public:
  using Error::Error;
};

/// As asyncio.InvalidStateError.
class InvalidStateError : public Error {
 public:
  using Error::Error;
};

/// As Python's KeyError: there is nothing of that name. Says what has no such name.
class KeyError : public Error {
 public:
  using Error::Error;
};

/// As asyncio.TimeoutError: the time given to wait_for, or to a request, ran out.
class TimeoutError : public Error {
 public:
  using Error::Error;
};

/// Raised by run_in_executor when the executor's queue is at its limit; nothing was queued.
class ExecutorFullError : public Error {
 public:
  using Error::Error;
};

/// The peer closed or reset its connection before the exchange was complete.
class ClientDisconnected : public Error {
 public:
  using Error::Error;
};

/// Thrown inside a parked fiber to unwind it. As asyncio.CancelledError it is outside the tree of
/// ordinary errors; whoever catches it should let it go on.
class CancelledError {};

}  // namespace aiopyr

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
///       ├── ClientError            of clients of databases and servers: client_errors.h
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

/// Raised where a result is taken twice or before it exists, as asyncio.InvalidStateError.
class InvalidStateError : public Error {
 public:
  using Error::Error;
};

/// Raised where nothing has the given name, as Python's KeyError. The message says what lacks it.
class KeyError : public Error {
 public:
  using Error::Error;
};

/// Raised when the time given to wait_for, or to a request, has run out, as asyncio.TimeoutError.
class TimeoutError : public Error {
 public:
  using Error::Error;
};

/// Raised by run_in_executor when the executor's queue is at its limit; nothing was queued.
class ExecutorFullError : public Error {
 public:
  using Error::Error;
};

/// Raised when the peer closed or reset its connection before the exchange was complete.
class ClientDisconnected : public Error {
 public:
  using Error::Error;
};

/// Thrown inside a parked fiber to unwind it. Like asyncio.CancelledError it is outside the tree of
/// ordinary errors; code that catches it should throw it again.
class CancelledError {};

}  // namespace aiopyr

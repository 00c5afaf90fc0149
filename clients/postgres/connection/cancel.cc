#include <memory>
#include <postgresql/libpq-fe.h>
#include <utility>

#include <aiopyr/clients/postgres/connection/connection.h>
#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/waits/fd_wait.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::postgres {

namespace {

#ifdef LIBPQ_HAS_ASYNC_CANCEL

using CancelConnection = std::unique_ptr<PGcancelConn, decltype(&PQcancelFinish)>;

Task<void> cancel_on_the_loop(CancelConnection cancel) {
  if (PQcancelStart(cancel.get()) == 0) throw Error(PQcancelErrorMessage(cancel.get()));
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (status != PGRES_POLLING_OK) {
    if (status == PGRES_POLLING_FAILED) throw Error(PQcancelErrorMessage(cancel.get()));
    const FdEvents wanted = status == PGRES_POLLING_READING ? FdEvents::kRead : FdEvents::kWrite;
    const int fd = PQcancelSocket(cancel.get());
    const FdEvents ready = co_await wait_for_fd(fd, wanted);
    static_cast<void>(ready);
    status = PQcancelPoll(cancel.get());
  }
}

#else

using Cancel = std::shared_ptr<PGcancel>;

void cancel_in_thread(const Cancel& cancel) {
  char problem[256] = "";
  if (PQcancel(cancel.get(), problem, sizeof problem) == 0) throw Error(problem);
}

#endif

}  // namespace

Task<void> cancel_running(pg_conn* handle) {
#ifdef LIBPQ_HAS_ASYNC_CANCEL
  return cancel_on_the_loop(CancelConnection(PQcancelCreate(handle), &PQcancelFinish));
#else
  return run_in_executor(&cancel_in_thread, Cancel(PQgetCancel(handle), &PQfreeCancel));
#endif
}

}  // namespace aiopyr::postgres

#pragma once

#include <memory>
#include <string>

#include <aiopyr/clients/postgres/copy.h>
#include <aiopyr/clients/postgres/session.h>

namespace aiopyr::postgres::detail {

/// A COPY that goes on in a session: its own, or a transaction's.
struct CopyState {
  CopyState(SessionPointer in, std::string statement, bool owned)
      : session(std::move(in)), sql(std::move(statement)), is_own(owned) {}
  CopyState(const CopyState&) = delete;
  /// Breaks the connection where the COPY has not ended: only so does the server know that.
  ~CopyState();

  SessionPointer session;
  std::string sql;
  bool is_own;
  bool is_open = false;
};

/// Begins a COPY; `session` null takes a connection.
[[nodiscard]] Task<CopyIn> begin_copy_in(std::shared_ptr<DatabaseCore> core, SessionPointer session,
                                         std::string sql);
[[nodiscard]] Task<CopyOut> begin_copy_out(std::shared_ptr<DatabaseCore> core,
                                           SessionPointer session, std::string sql);

}  // namespace aiopyr::postgres::detail

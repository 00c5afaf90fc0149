#pragma once

#include <memory>
#include <optional>

#include <aiopyr/clients/postgres/values/parameters.h>
#include <aiopyr/clients/postgres/values/rows.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::postgres {

namespace detail {
class DatabaseCore;
class Session;
struct StreamState;
}  // namespace detail

/// The rows of a query, at the pace of who reads them: at most two portions of them are in memory,
/// however many there are. A cursor of the server, on a connection of its own or a transaction's,
/// of which the next portion is on the way while one is read.
///
///     auto rows = db.stream("select id, title from job order by id");
///     while (const auto row = co_await rows.next()) use(row->get<int>("id"));
///
/// The query is a SELECT or VALUES. Destroyed before its end, it closes the cursor. One reader.
/// Loop thread only.
class RowStream {
 public:
  RowStream(std::shared_ptr<detail::DatabaseCore> core, std::shared_ptr<detail::Session> session,
            std::string_view sql, Parameters parameters);
  RowStream(RowStream&&) noexcept;
  RowStream& operator=(RowStream&&) noexcept;
  ~RowStream();

  /// Sets how many rows a portion has; 256 by default. Fewer suit rows that are large.
  RowStream& portion(std::size_t rows) &;

  /// Returns the next row, which may be kept; nullopt after the last. Throws as query() does.
  [[nodiscard]] Task<std::optional<Row>> next();
  /// Returns the next portion of rows; an empty one after the last.
  [[nodiscard]] Task<Rows> next_portion();

 private:
  std::shared_ptr<detail::StreamState> state_;
};

}  // namespace aiopyr::postgres

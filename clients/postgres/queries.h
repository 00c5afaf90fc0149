#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/clients/postgres/batch.h>
#include <aiopyr/clients/postgres/values/parameters.h>
#include <aiopyr/clients/postgres/values/rows.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/base/client_errors.h>

namespace aiopyr::postgres {

namespace detail {

template <class T>
T read_row(const Row& row) {
  static_assert(!IsView<T>::value, "a view would outlive its row: read a std::string");
  if constexpr (std::is_same_v<T, Row>) {
    return row;
  } else {
    return row.template as<T>();
  }
}

template <class T>
Task<T> read_one(Task<Rows> asking) {
  const Rows rows = co_await std::move(asking);
  co_return read_row<T>(rows.one());
}

template <class T>
Task<std::optional<T>> read_optional(Task<Rows> asking) {
  const Rows rows = co_await std::move(asking);
  const std::optional<Row> row = rows.one_or_none();
  std::optional<T> value;
  if (row) value.emplace(read_row<T>(*row));
  co_return value;
}

inline Task<std::uint64_t> count_affected(Task<Rows> asking) {
  const Rows rows = co_await std::move(asking);
  co_return rows.affected_rows();
}

}  // namespace detail

/// The queries that a Database and a Transaction answer, in the same words.
///
/// Values are read at the call, and texts are copied, so nothing that is given has to live on. The
/// statement is sent when the Task is awaited, which continues in the root context. Destroying the
/// Task gives up the answer; the connection goes on. `$1`, `$2` stand for the values: they are
/// never put into the text.
///
/// Throws SqlError where the server refuses the statement, TypeError and RowError where values do
/// not fit, and ConnectError, PoolExhaustedError, ClientTimeoutError and ConnectionLostError: their
/// retry() says whether asking again is safe.
template <class Asker>
class Queries {
 public:
  /// Returns all rows.
  template <class... Values>
  [[nodiscard]] Task<Rows> query(std::string_view sql, const Values&... values) {
    return self().ask(sql, encode(values...), "query");
  }

  /// Returns the only row, as a Row or as what Row::as() reads. Throws RowError where there is no
  /// row or more than one.
  template <class T = Row, class... Values>
  [[nodiscard]] Task<T> query_one(std::string_view sql, const Values&... values) {
    return detail::read_one<T>(query(sql, values...));
  }

  /// Returns the only row in the same way, nullopt where there is none.
  template <class T = Row, class... Values>
  [[nodiscard]] Task<std::optional<T>> query_optional(std::string_view sql,
                                                      const Values&... values) {
    return detail::read_optional<T>(query(sql, values...));
  }

  /// Returns how many rows the statement has changed.
  template <class... Values>
  [[nodiscard]] Task<std::uint64_t> execute(std::string_view sql, const Values&... values) {
    return detail::count_affected(self().ask(sql, encode(values...), "execute"));
  }

  /// Runs statements together in one round trip; returns their rows in the same order.
  [[nodiscard]] Task<std::vector<Rows>> batch(Batch statements) {
    return self().ask_all(std::move(statements));
  }

 protected:
  Queries() = default;
  ~Queries() = default;
  Queries(const Queries&) = default;
  Queries(Queries&&) = default;
  Queries& operator=(const Queries&) = default;
  Queries& operator=(Queries&&) = default;

 private:
  Asker& self() noexcept { return static_cast<Asker&>(*this); }
};

}  // namespace aiopyr::postgres

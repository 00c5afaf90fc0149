#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include <aiopyr/clients/postgres/values/value.h>

struct pg_result;

namespace aiopyr::postgres {

namespace detail {
class ResultData;
}

/// The answer to a statement: libpq's PGresult, shared and never changed, so that copies are
/// cheap and may be used on several threads. Views into it live as long as one of the copies.
class Result {
 public:
  /// Without columns and rows.
  Result() noexcept;
  /// Takes ownership, and calls PQclear() in the end. A null pointer is a Result without columns.
  explicit Result(pg_result* taken);
  Result(const Result&) noexcept;
  Result(Result&&) noexcept;
  Result& operator=(const Result&) noexcept;
  Result& operator=(Result&&) noexcept;
  ~Result();

  [[nodiscard]] std::size_t row_count() const noexcept;
  [[nodiscard]] std::size_t column_count() const noexcept;
  /// Returns the rows that INSERT, UPDATE, DELETE or MERGE has changed, or that SELECT has found.
  [[nodiscard]] std::uint64_t affected_rows() const noexcept;
  /// Returns the tag of the command, such as `INSERT 0 1`.
  [[nodiscard]] std::string_view command() const& noexcept;
  std::string_view command() const&& = delete;

  /// Requires column < column_count().
  [[nodiscard]] std::string_view column_name(std::size_t column) const& noexcept;
  std::string_view column_name(std::size_t) const&& = delete;
  [[nodiscard]] Oid column_type(std::size_t column) const noexcept;
  /// Returns the number of the column of that name. Throws RowError, which lists the columns, if
  /// there is none or more than one.
  [[nodiscard]] std::size_t find_column(std::string_view name) const;
  /// Returns a value, nullopt for NULL. Throws RowError if there is no such column. Requires row <
  /// row_count().
  [[nodiscard]] std::optional<Value> value(std::size_t row, std::size_t column) const&;
  std::optional<Value> value(std::size_t, std::size_t) const&& = delete;

  /// Returns libpq's own; null if there is none. It stays owned by this.
  [[nodiscard]] const pg_result* native() const noexcept;

 private:
  std::shared_ptr<const detail::ResultData> data_;
};

}  // namespace aiopyr::postgres

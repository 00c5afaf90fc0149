#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <postgresql/libpq-fe.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/clients/postgres/values/rows.h>
#include <aiopyr/clients/postgres/values/value.h>

namespace aiopyr::tests {

/// Makes the answers of a server that is not there.
class PostgresAnswer {
 public:
  struct Column {
    std::string name;
    postgres::Oid type = 0;
    postgres::Format format = postgres::Format::kBinary;
  };
  using Cell = std::optional<std::string>;

  explicit PostgresAnswer(std::vector<Column> columns)
      : result_(PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK)) {
    std::vector<PGresAttDesc> described;
    for (Column& column : columns) {
      described.push_back(
          {column.name.data(), 0, 0, static_cast<int>(column.format), column.type, 0, 0});
    }
    PQsetResultAttrs(result_, static_cast<int>(described.size()), described.data());
  }

  PostgresAnswer& row(const std::vector<Cell>& cells) {
    for (int at = 0; at < static_cast<int>(cells.size()); ++at) {
      const Cell& cell = cells[static_cast<std::size_t>(at)];
      // libpq copies the bytes, and takes a length below zero for NULL.
      std::string bytes = cell.value_or("");
      PQsetvalue(result_, rows_, at, bytes.data(), cell ? static_cast<int>(bytes.size()) : -1);
    }
    ++rows_;
    return *this;
  }

  /// Gives the answer away: called once.
  [[nodiscard]] postgres::Rows rows() {
    return postgres::Rows(postgres::Result(std::exchange(result_, nullptr)));
  }

 private:
  PGresult* result_;
  int rows_ = 0;
};

/// Returns the answer of one column and one row.
inline postgres::Rows one_value(postgres::Oid type, postgres::Format format,
                                PostgresAnswer::Cell cell) {
  return PostgresAnswer({{"x", type, format}}).row({std::move(cell)}).rows();
}

/// Returns the bytes that a value is sent as.
template <class T>
[[nodiscard]] std::string wire_of(const T& value) {
  postgres::WireWriter out;
  postgres::detail::encode_value(value, out);
  return std::string(out.view());
}

/// Reads a value of one format as a T.
template <class T>
[[nodiscard]] T read_binary(postgres::Oid type, std::string bytes) {
  return one_value(type, postgres::Format::kBinary, std::move(bytes)).one().template get<T>(0);
}
template <class T>
[[nodiscard]] T read_text(postgres::Oid type, std::string text) {
  return one_value(type, postgres::Format::kText, std::move(text)).one().template get<T>(0);
}

/// Returns the bytes of a literal, NUL bytes included.
template <std::size_t N>
[[nodiscard]] std::string bytes_of(const char (&literal)[N]) {
  return {literal, N - 1};
}

}  // namespace aiopyr::tests

#include <exception>
#include <new>
#include <string>

#include <aiopyr/clients/postgres/values/rows.h>
namespace aiopyr::postgres {

namespace {

std::string count_of(std::size_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

void expect_at_most_one(std::size_t rows) {
  if (rows > 1) throw RowError("there are " + count_of(rows, "row") + ", and one is expected");
}

[[noreturn]] void throw_type_error(const Result& result, std::size_t column,
                                   const std::type_info& cpp_type, std::string_view reason) {
  throw TypeError(std::string(result.column_name(column)),
                  postgres::type_name(result.column_type(column)), cpp_type, reason);
}

}  // namespace

namespace detail {

void throw_null(const Result& result, std::size_t column, const std::type_info& cpp_type) {
  throw_type_error(result, column, cpp_type, "it is NULL: read a std::optional of that type");
}

void throw_unreadable(const Result& result, std::size_t column, const std::type_info& cpp_type) {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw_type_error(result, column, cpp_type, error.what());
  }
}

void expect_columns(const Result& result, std::size_t wanted) {
  const std::size_t columns = result.column_count();
  if (columns == wanted) return;
  if (columns == 0) throw RowError("the statement returned no columns");
  throw RowError("the rows have " + count_of(columns, "column") + ", and " +
                 count_of(wanted, "column") +
                 " cannot be read from them: name the columns in SQL, or read a struct");
}

}  // namespace detail

Row Rows::operator[](std::size_t row) const {
  if (row >= size())
    throw RowError("there is no row number " + std::to_string(row) + ": there are " +
                   count_of(size(), "row"));
  return {result_, row};
}

Row Rows::one() const {
  if (empty()) throw RowError("there is no row, and one is expected");
  expect_at_most_one(size());
  return {result_, 0};
}

std::optional<Row> Rows::one_or_none() const {
  if (empty()) return std::nullopt;
  expect_at_most_one(size());
  return Row(result_, 0);
}

}  // namespace aiopyr::postgres

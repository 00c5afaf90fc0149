#pragma once

#include <string>
#include <string_view>
#include <typeinfo>

#include <aiopyr/runtime/base/client_errors.h>

/// The exceptions of PostgreSQL's client that concern values and answers.
///
///   Error
///   ├── ClientError           runtime/base/client_errors.h
///   │   ├── PostgresError
///   │   │   ├── TypeError     a value and its column, or parameter, do not fit together
///   │   │   └── RowError      a row, column or number of rows that there is not
///   │   └── ServerError
///   │       └── SqlError      the server refused a statement: sql_error.h
///   └── ValueError            why a codec cannot convert a value: a TypeError says where, too
///
/// No message holds a value. Values may be thrown on one thread and caught on another.
namespace aiopyr::postgres {

/// The name of this client in its errors.
inline constexpr const char* kClientName = "postgres";

class PostgresError : public ClientError {
 public:
  /// Makes an error that the same question would meet again.
  explicit PostgresError(const std::string& problem)
      : ClientError({.client = kClientName, .server = {}, .operation = {}}, problem,
                    Retry::kUseless) {}
  using ClientError::ClientError;
};

/// Raised by codecs (postgres_type.h) with the reason why they cannot convert a value, which must
/// not show the value. Row and Parameters make a TypeError of it.
class ValueError : public Error {
 public:
  using Error::Error;
  /// Says nothing but that the types do not fit together.
  ValueError() : Error("") {}
};

/// Raised where a value's C++ type does not fit the column that it is read from, or where a
/// parameter cannot be sent: the message names column, PostgreSQL's type and the C++ type.
class TypeError : public PostgresError {
 public:
  /// `where` is the name of a column, or `$` and the number of a parameter.
  TypeError(std::string where, std::string postgres_type, const std::type_info& cpp_type,
            std::string_view reason);
  explicit TypeError(const std::string& message) : PostgresError(message) {}

  /// Returns the name of the column, or `$1`, `$2` for a parameter; empty if there is none.
  [[nodiscard]] const std::string& where() const noexcept { return where_; }
  /// Returns the name of PostgreSQL's type; empty where it is not known.
  [[nodiscard]] const std::string& postgres_type() const noexcept { return postgres_type_; }
  [[nodiscard]] const std::string& cpp_type() const noexcept { return cpp_type_; }

 private:
  std::string where_, postgres_type_, cpp_type_;
};

/// Raised where a result lacks what is asked of it: a column, a row, as many rows as expected.
class RowError : public PostgresError {
 public:
  using PostgresError::PostgresError;
};

}  // namespace aiopyr::postgres

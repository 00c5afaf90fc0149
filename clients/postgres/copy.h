#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::postgres {

namespace detail {
struct CopyState;
}

/// Sends rows in bulk (SQL: COPY ... FROM STDIN), in the format that the statement says:
///
///     auto copy = co_await db.copy_in("copy job (id, title) from stdin (format csv)");
///     co_await copy.write("1,Baker\n2,Cook\n");
///     const auto rows = co_await copy.finish();
///
/// Destroyed before finish() it copies nothing: the connection is closed. Loop thread only.
class CopyIn {
 public:
  explicit CopyIn(std::shared_ptr<detail::CopyState> state) noexcept;
  CopyIn(CopyIn&&) noexcept;
  CopyIn& operator=(CopyIn&&) noexcept;
  ~CopyIn();

  /// Sends a piece, which may end within a row. Waits while the server does not take more.
  [[nodiscard]] Task<void> write(std::string data);
  /// Ends the copy; returns how many rows there are now more. Throws SqlError where the server
  /// refuses one of them, and then all are.
  [[nodiscard]] Task<std::uint64_t> finish();

 private:
  std::shared_ptr<detail::CopyState> state_;
};

/// Receives rows in bulk (SQL: COPY ... TO STDOUT), at the reader's pace: what is not read waits at
/// the server.
///
///     auto copy = co_await db.copy_out("copy job to stdout (format csv, header)");
///     while (const auto row = co_await copy.read()) use(*row);
///
/// Destroyed before the end it closes its connection. Loop thread only.
class CopyOut {
 public:
  explicit CopyOut(std::shared_ptr<detail::CopyState> state) noexcept;
  CopyOut(CopyOut&&) noexcept;
  CopyOut& operator=(CopyOut&&) noexcept;
  ~CopyOut();

  /// Returns the next row, with its line end in text formats; nullopt after the last.
  [[nodiscard]] Task<std::optional<std::string>> read();

 private:
  std::shared_ptr<detail::CopyState> state_;
};

}  // namespace aiopyr::postgres

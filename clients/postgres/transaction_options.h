#pragma once

#include <cstdint>

namespace aiopyr::postgres {

enum class Isolation : std::uint8_t {
  kDefault,  ///< the server's setting, read committed as it is installed
  kReadCommitted,
  kRepeatableRead,
  kSerializable
};

/// Options of a transaction (SQL: BEGIN).
struct TransactionOptions {
  Isolation isolation = Isolation::kDefault;
  bool read_only = false;
  bool deferrable = false;  ///< waits for a snapshot that cannot fail; serializable, read only
  /// The times that it may be run again, from its beginning, where the server has ended it because
  /// of others (SQLSTATE 40001 and 40P01). Then the function must be one that may be called again.
  unsigned retries = 0;
};

}  // namespace aiopyr::postgres

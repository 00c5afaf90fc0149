#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/clients/postgres/values/parameters.h>

namespace aiopyr::postgres {

/// Statements that go to the server together, in one round trip:
///
///     postgres::Batch batch;
///     batch.add("update world set randomnumber = $1 where id = $2", number, id);
///     const std::vector<postgres::Rows> answers = co_await db.batch(std::move(batch));
///
/// PostgreSQL runs them as one transaction: where one fails, those before it are undone, and those
/// after it are not run. Owns texts and values.
class Batch {
 public:
  struct Item {
    std::string sql;
    Parameters parameters;
  };

  /// Throws TypeError for a value that PostgreSQL cannot hold.
  template <class... Values>
  Batch& add(std::string_view sql, const Values&... values) & {
    items_.push_back({std::string(sql), encode(values...)});
    return *this;
  }

  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] std::vector<Item> take() && { return std::move(items_); }

 private:
  std::vector<Item> items_;
};

}  // namespace aiopyr::postgres

#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/clients/postgres/values/errors.h>
#include <aiopyr/clients/postgres/values/result.h>
#include <aiopyr/clients/postgres/values/row_reader.h>

namespace aiopyr::postgres {

class Rows;

/// A row of an answer. Shares the answer with all other rows of it, so it may outlive them; copies
/// are cheap. Never changed, any thread.
///
///     int id = row.get<int>("id");
///     auto title = row.get<std::optional<std::string>>("title");
///     Job job = row.as<Job>();                                  // by the names of its members
///     auto [id, title] = row.as<std::tuple<int, std::string>>();  // in the columns' order
///
/// A std::string_view refers to the rows: it can be read only from a row that has a name, and lives
/// as long as its Rows or any Row of them.
class Row {
 public:
  /// Requires row < result.row_count().
  Row(Result result, std::size_t row) noexcept : result_(std::move(result)), row_(row) {}

  /// Reads a value. Throws RowError if there is no such column, which lists those that there are,
  /// and TypeError if it cannot be read as T or is NULL and T no std::optional. An integer or float
  /// may be narrower than the column if the value fits.
  template <class T>
  [[nodiscard]] T get(std::string_view column) const& {
    return get<T>(result_.find_column(column));
  }
  template <class T>
  [[nodiscard]] T get(std::size_t column) const& {
    static_assert(detail::IsValue<T>,
                  "a column cannot be read as this type: specialize "
                  "aiopyr::postgres::PostgresType for it, or read a whole row with as()");
    return detail::read_value<T>(result_, row_, column);
  }
  template <class T>
  requires(detail::IsView<T>::value) T get(std::string_view column)
  const&& = delete;
  template <class T>
  requires(detail::IsView<T>::value) T get(std::size_t column)
  const&& = delete;

  /// Reads the row as a tuple or pair, with a member for each column; as a struct, whose members
  /// are found by name (RowMembers gives others) and further columns do not matter; or, if it has
  /// one column, as that. Throws as get() does, and RowError if the columns are too many or too
  /// few.
  template <class T>
  [[nodiscard]] T as() const& {
    return detail::RowReader<T>(result_).read(result_, row_);
  }
  template <class T>
  requires(detail::IsView<T>::value) T as()
  const&& = delete;

  [[nodiscard]] bool is_null(std::string_view column) const {
    return is_null(result_.find_column(column));
  }
  [[nodiscard]] bool is_null(std::size_t column) const { return !result_.value(row_, column); }
  /// Returns the number of columns.
  [[nodiscard]] std::size_t size() const noexcept { return result_.column_count(); }
  /// Returns the answer that it belongs to.
  [[nodiscard]] const Result& result() const& noexcept { return result_; }
  const Result& result() const&& = delete;

 private:
  friend class RowIterator;

  Result result_;
  std::size_t row_;
};

/// Goes through rows. A Row that it refers to changes with it: copy it to keep it.
class RowIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = Row;
  using difference_type = std::ptrdiff_t;
  using pointer = const Row*;
  using reference = const Row&;

  RowIterator(Result result, std::size_t row) noexcept : row_(std::move(result), row) {}

  [[nodiscard]] const Row& operator*() const noexcept { return row_; }
  [[nodiscard]] const Row* operator->() const noexcept { return &row_; }
  RowIterator& operator++() noexcept {
    ++row_.row_;
    return *this;
  }
  void operator++(int) noexcept { ++row_.row_; }
  bool operator==(const RowIterator& other) const noexcept { return row_.row_ == other.row_.row_; }

 private:
  Row row_;
};

template <class T>
class TypedRows;

/// The rows of an answer, shared and never changed: copies are cheap, any thread.
///
///     for (const Row& row : rows) use(row.get<int>("id"));
///     for (auto [id, title] : rows.as<int, std::string>()) use(id, title);
///     for (const Job& job : rows.as<Job>()) use(job);
class Rows {
 public:
  Rows() noexcept = default;
  explicit Rows(Result result) noexcept : result_(std::move(result)) {}

  [[nodiscard]] std::size_t size() const noexcept { return result_.row_count(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] RowIterator begin() const noexcept { return {result_, 0}; }
  [[nodiscard]] RowIterator end() const noexcept { return {result_, size()}; }
  /// Throws RowError if there is no such row.
  [[nodiscard]] Row operator[](std::size_t row) const;
  /// Returns the only row. Throws RowError if there is none or more than one.
  [[nodiscard]] Row one() const;
  /// Returns the only row, nullopt if there is none. Throws RowError if there is more than one.
  [[nodiscard]] std::optional<Row> one_or_none() const;

  /// Reads all rows as Row::as() does; several types are a tuple. Throws at once if the columns do
  /// not fit, also where there are no rows.
  template <class... T>
  [[nodiscard]] auto as() const& {
    return TypedRows<typename detail::RowType<T...>::type>(*this);
  }
  template <class... T>
  requires(detail::IsView<T>::value || ...) auto as() const&& = delete;

  /// Returns the rows that the statement has changed, or found.
  [[nodiscard]] std::uint64_t affected_rows() const noexcept { return result_.affected_rows(); }
  [[nodiscard]] const Result& result() const& noexcept { return result_; }
  const Result& result() const&& = delete;

 private:
  Result result_;
};

/// The rows of an answer, each read as a T when an iterator comes to it. Holds the answer itself.
template <class T>
class TypedRows {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = T;

    Iterator(const TypedRows* rows, std::size_t row) noexcept : rows_(rows), row_(row) {}
    /// Throws TypeError.
    [[nodiscard]] T operator*() const { return rows_->reader_.read(rows_->rows_.result(), row_); }
    Iterator& operator++() noexcept {
      ++row_;
      return *this;
    }
    void operator++(int) noexcept { ++row_; }
    bool operator==(const Iterator& other) const noexcept { return row_ == other.row_; }

   private:
    const TypedRows* rows_;
    std::size_t row_;
  };

  explicit TypedRows(Rows rows) : rows_(std::move(rows)), reader_(rows_.result()) {}

  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  [[nodiscard]] Iterator begin() const noexcept { return {this, 0}; }
  [[nodiscard]] Iterator end() const noexcept { return {this, size()}; }
  /// Throws TypeError.
  [[nodiscard]] std::vector<T> to_vector() const {
    std::vector<T> all;
    all.reserve(size());
    for (std::size_t row = 0; row < size(); ++row) all.push_back(reader_.read(rows_.result(), row));
    return all;
  }

 private:
  Rows rows_;
  detail::RowReader<T> reader_;
};

}  // namespace aiopyr::postgres

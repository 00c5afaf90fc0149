#include <algorithm>
#include <postgresql/libpq-fe.h>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/clients/postgres/values/errors.h>
#include <aiopyr/clients/postgres/values/result.h>
#include <aiopyr/runtime/base/block_cache.h>
#include <aiopyr/runtime/base/parse_number.h>

namespace aiopyr::postgres {

static_assert(std::is_same_v<Oid, ::Oid>);

namespace {

constexpr std::size_t kMostNamesShown = 30;

int to_int(std::size_t index) { return static_cast<int>(index); }

std::string list_columns(const Result& result) {
  if (result.column_count() == 0) return "the statement returned no columns";
  std::string text = "the columns are ";
  for (std::size_t column = 0; column < result.column_count(); ++column) {
    if (column == kMostNamesShown) return text + ", ...";
    if (column > 0) text += ", ";
    text.append("'").append(result.column_name(column)).append("'");
  }
  return text;
}

}  // namespace

namespace detail {

/// Owns the PGresult, and an index of its columns' names where there are many.
class ResultData {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  static constexpr std::size_t kSeveral = static_cast<std::size_t>(-2);

  explicit ResultData(pg_result* taken) : result_(taken) {
    const int columns = PQnfields(taken);
    if (columns <= kFewColumns) return;
    for (int column = 0; column < columns; ++column) {
      names_.emplace_back(PQfname(taken, column), static_cast<std::size_t>(column));
    }
    std::ranges::sort(names_);
  }

  [[nodiscard]] pg_result* get() const noexcept { return result_.get(); }

  /// Returns the column of that name, kNone or kSeveral.
  [[nodiscard]] std::size_t find(std::string_view name) const noexcept {
    return names_.empty() ? search(name) : look_up(name);
  }

 private:
  struct Clear {
    void operator()(pg_result* result) const noexcept { PQclear(result); }
  };
  using Name = std::pair<std::string_view, std::size_t>;

  // Up to here it is faster to compare with each than to sort once and look up.
  static constexpr int kFewColumns = 8;

  [[nodiscard]] std::size_t search(std::string_view name) const noexcept {
    std::size_t found = kNone;
    const int columns = PQnfields(get());
    for (int column = 0; column < columns; ++column) {
      if (PQfname(get(), column) != name) continue;
      if (found != kNone) return kSeveral;
      found = static_cast<std::size_t>(column);
    }
    return found;
  }

  [[nodiscard]] std::size_t look_up(std::string_view name) const noexcept {
    const auto found = std::ranges::lower_bound(names_, name, {}, &Name::first);
    if (found == names_.end() || found->first != name) return kNone;
    const auto next = found + 1;
    return next != names_.end() && next->first == name ? kSeveral : found->second;
  }

  std::unique_ptr<pg_result, Clear> result_;
  std::vector<Name> names_;
};

}  // namespace detail

using detail::ResultData;

Result::Result() noexcept = default;
Result::Result(pg_result* taken) {
  if (taken == nullptr) return;
  data_ = std::allocate_shared<ResultData>(aiopyr::detail::BlockAllocator<ResultData>(), taken);
}
Result::Result(const Result&) noexcept = default;
Result::Result(Result&&) noexcept = default;
Result& Result::operator=(const Result&) noexcept = default;
Result& Result::operator=(Result&&) noexcept = default;
Result::~Result() = default;

std::size_t Result::row_count() const noexcept {
  return data_ ? static_cast<std::size_t>(PQntuples(data_->get())) : 0;
}

std::size_t Result::column_count() const noexcept {
  return data_ ? static_cast<std::size_t>(PQnfields(data_->get())) : 0;
}

std::uint64_t Result::affected_rows() const noexcept {
  if (!data_) return 0;
  return parse_number<std::uint64_t>(PQcmdTuples(data_->get())).value_or(0);
}

std::string_view Result::command() const& noexcept {
  return data_ ? PQcmdStatus(data_->get()) : "";
}

std::string_view Result::column_name(std::size_t column) const& noexcept {
  return PQfname(data_->get(), to_int(column));
}

Oid Result::column_type(std::size_t column) const noexcept {
  return PQftype(data_->get(), to_int(column));
}

std::size_t Result::find_column(std::string_view name) const {
  const std::size_t column = data_ ? data_->find(name) : ResultData::kNone;
  if (column < ResultData::kSeveral) return column;
  std::string wanted = "column '" + std::string(name) + "'";
  if (column == ResultData::kNone)
    throw RowError("there is no " + wanted + ": " + list_columns(*this));
  throw RowError("there are several of " + wanted +
                 ": give each a name in SQL with AS, or read them by number; " +
                 list_columns(*this));
}

std::optional<Value> Result::value(std::size_t row, std::size_t column) const& {
  if (column >= column_count())
    throw RowError("there is no column number " + std::to_string(column) + ": " +
                   list_columns(*this));
  const PGresult* const result = data_->get();
  if (PQgetisnull(result, to_int(row), to_int(column)) != 0) return std::nullopt;
  const auto length = static_cast<std::size_t>(PQgetlength(result, to_int(row), to_int(column)));
  return Value{PQftype(result, to_int(column)),
               PQfformat(result, to_int(column)) == 0 ? Format::kText : Format::kBinary,
               {PQgetvalue(result, to_int(row), to_int(column)), length}};
}

const pg_result* Result::native() const noexcept { return data_ ? data_->get() : nullptr; }

}  // namespace aiopyr::postgres

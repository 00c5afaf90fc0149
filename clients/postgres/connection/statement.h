#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <aiopyr/clients/postgres/values/parameters.h>
#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::postgres {

/// The text of a statement. Never changed, but for what is learned about it.
struct Statement {
  std::string text;
  std::vector<Oid> types;    ///< of its parameters, with which it is prepared; 0 for inferred ones
  std::uint64_t number = 0;  ///< never used again, so that a dropped one is never mistaken
  bool is_prepared = false;  ///< whether connections prepare it under a name
  /// The time that the server works at it; nullopt before its first end.
  std::optional<Duration> usual_time{};

  /// Notes that it has taken so long.
  void note_time(Duration time) noexcept;
};
using StatementPointer = std::shared_ptr<Statement>;

/// Returns a statement that is used once and not prepared.
[[nodiscard]] StatementPointer unprepared(std::string text);

/// The statements of a database that were used last, found by their texts and the types of their
/// parameters, so that a query that was asked before copies no text. Bounded; loop thread only.
class StatementTable {
 public:
  /// `most` zero makes every statement an unprepared one.
  explicit StatementTable(std::size_t most) noexcept : most_(most) {}

  [[nodiscard]] StatementPointer find(std::string_view text, const Parameters& parameters);
  [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }

 private:
  /// Refers into a statement, or to what is looked for.
  struct Key {
    std::string_view text;
    const Oid* types;
    std::size_t type_count;
    bool operator==(const Key& other) const noexcept;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  static Key key_of(const Statement& statement) noexcept {
    return {statement.text, statement.types.data(), statement.types.size()};
  }

  std::size_t most_;
  std::uint64_t next_number_ = 1;
  std::list<StatementPointer> order_;  ///< the one that was used last first
  std::unordered_map<Key, std::list<StatementPointer>::iterator, Hash> index_;
};

/// The statements that one connection has prepared, the one that was used last first. Each
/// preparation has a name of its own, since the server may still have an older one: where the
/// plan of a statement does not fit a changed table any more, or where dropping it failed.
class PreparedStatements {
 public:
  explicit PreparedStatements(std::size_t most) noexcept : most_(most) {}

  /// Returns its name on the server, valid until it is dropped or removed; null where it is not
  /// prepared. Notes its use.
  [[nodiscard]] const std::string* use(const Statement& statement);
  /// Notes that it is being prepared, under a new name. Returns the name of one that is to be
  /// dropped for it.
  [[nodiscard]] std::optional<std::string> add(const Statement& statement);
  /// Forgets one that the server does not have.
  void remove(const Statement& statement);
  [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }

 private:
  struct Prepared {
    std::uint64_t number;
    std::string name;
  };

  std::size_t most_;
  std::uint64_t next_name_ = 1;
  std::list<Prepared> order_;
  std::unordered_map<std::uint64_t, std::list<Prepared>::iterator> index_;
};

}  // namespace aiopyr::postgres

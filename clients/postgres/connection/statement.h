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

namespace aiopyr::postgres {

/// The text of a statement, with the name under which connections prepare it. Never changed.
struct Statement {
  std::string text;
  std::vector<Oid> types;    ///< of its parameters, with which it is prepared; 0 for inferred ones
  std::uint64_t number = 0;  ///< never used again, so that a dropped one is never mistaken
  std::string name;          ///< on the server; empty for a statement that is not prepared
};
using StatementPointer = std::shared_ptr<const Statement>;

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

/// The statements that one connection has prepared, the one that was used last first.
class PreparedStatements {
 public:
  explicit PreparedStatements(std::size_t most) noexcept : most_(most) {}

  /// Returns whether it is prepared already; notes its use.
  [[nodiscard]] bool use(const Statement& statement);
  /// Notes that it is being prepared. Returns one that is to be dropped for it.
  [[nodiscard]] std::optional<StatementPointer> add(StatementPointer statement);
  /// Forgets one that the server does not have.
  void remove(const Statement& statement);
  [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }

 private:
  std::size_t most_;
  std::list<StatementPointer> order_;
  std::unordered_map<std::uint64_t, std::list<StatementPointer>::iterator> index_;
};

}  // namespace aiopyr::postgres

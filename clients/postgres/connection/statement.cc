#include <algorithm>
#include <functional>
#include <utility>

#include <aiopyr/clients/postgres/connection/statement.h>

namespace aiopyr::postgres {

void Statement::note_time(Duration time) noexcept {
  // Follows the shortest ones at once and the longer ones slowly: these may have waited for others,
  // or for a processor.
  constexpr int kShare = 64;
  if (!usual_time || time < *usual_time) usual_time = time;
  *usual_time += (time - *usual_time) / kShare;
}

StatementPointer unprepared(std::string text) {
  auto statement = std::make_shared<Statement>();
  statement->text = std::move(text);
  return statement;
}

bool StatementTable::Key::operator==(const Key& other) const noexcept {
  return text == other.text &&
         std::equal(types, types + type_count, other.types, other.types + other.type_count);
}

std::size_t StatementTable::Hash::operator()(const Key& key) const noexcept {
  std::size_t hash = std::hash<std::string_view>()(key.text);
  for (std::size_t i = 0; i < key.type_count; ++i) hash = hash * 31 + key.types[i];
  return hash;
}

StatementPointer StatementTable::find(std::string_view text, const Parameters& parameters) {
  if (most_ == 0) return unprepared(std::string(text));
  const auto found = index_.find(Key{text, parameters.types(), parameters.size()});
  if (found != index_.end()) {
    order_.splice(order_.begin(), order_, found->second);
    return order_.front();
  }
  auto statement = std::make_shared<Statement>();
  statement->text = text;
  statement->types.assign(parameters.types(), parameters.types() + parameters.size());
  statement->number = next_number_++;
  statement->is_prepared = true;
  order_.push_front(statement);
  index_.emplace(key_of(*statement), order_.begin());
  if (order_.size() > most_) {
    index_.erase(key_of(*order_.back()));
    order_.pop_back();
  }
  return statement;
}

const std::string* PreparedStatements::use(const Statement& statement) {
  const auto found = index_.find(statement.number);
  if (found == index_.end()) return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return &order_.front().name;
}

std::optional<std::string> PreparedStatements::add(const Statement& statement) {
  order_.push_front({statement.number, "aiopyr_" + std::to_string(next_name_++)});
  index_[statement.number] = order_.begin();
  if (order_.size() <= most_) return std::nullopt;
  const Prepared oldest = std::move(order_.back());
  order_.pop_back();
  index_.erase(oldest.number);
  return oldest.name;
}

void PreparedStatements::remove(const Statement& statement) {
  const auto found = index_.find(statement.number);
  if (found == index_.end()) return;
  order_.erase(found->second);
  index_.erase(found);
}

}  // namespace aiopyr::postgres

#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/clients/base/completion.h>
#include <aiopyr/clients/redis/protocol/value.h>
#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::redis::detail {

/// Commands that a connection has sent and not been answered yet: one command, or several whose
/// answers belong together. The connection owns it until its last answer; the coroutine that asked
/// holds the part that it waits for. Loop thread only.
class Operation {
 public:
  /// `name` is a literal, for messages.
  Operation(std::string_view name, std::uint32_t replies) noexcept
      : name_(name), replies_(replies) {}
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  virtual ~Operation() = default;

  /// Takes the next of its answers.
  virtual void on_reply(Value reply) = 0;
  /// Ends it without (further) answers.
  virtual void on_error(std::exception_ptr error) = 0;
  /// Returns whether nobody waits for it any more.
  [[nodiscard]] virtual bool is_abandoned() const noexcept = 0;

  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  /// Returns how many answers it gets.
  [[nodiscard]] std::uint32_t replies() const noexcept { return replies_; }

  /// The time that its answers may take; nullopt for the connection's own limit, zero for no limit.
  std::optional<Duration> timeout;
  /// The session of the connection (Connection::session()) in which it has to run, since it means
  /// nothing in another one; zero for any.
  std::uint64_t session = 0;

 private:
  std::string_view name_;
  std::uint32_t replies_;
};

/// One command with one answer.
class SingleOperation final : public Operation, public clients::Completion<Value> {
 public:
  explicit SingleOperation(std::string_view name) noexcept : Operation(name, 1) {}
  void on_reply(Value reply) override { succeed(std::move(reply)); }
  void on_error(std::exception_ptr error) override { fail(std::move(error)); }
  [[nodiscard]] bool is_abandoned() const noexcept override {
    return Completion<Value>::is_abandoned();
  }
};

/// Several commands that are sent together, and whose answers are given together.
class ManyOperation final : public Operation, public clients::Completion<Value::Items> {
 public:
  ManyOperation(std::string_view name, std::uint32_t replies) : Operation(name, replies) {
    answers_.reserve(replies);
  }
  void on_reply(Value reply) override {
    if (!is_abandoned()) answers_.push_back(std::move(reply));
    if (answers_.size() == replies()) succeed(std::move(answers_));
  }
  void on_error(std::exception_ptr error) override { fail(std::move(error)); }
  [[nodiscard]] bool is_abandoned() const noexcept override {
    return Completion<Value::Items>::is_abandoned();
  }

 private:
  Value::Items answers_;
};

}  // namespace aiopyr::redis::detail

#pragma once

#include <memory>

#include <aiopyr/clients/http/engine/places.h>
#include <aiopyr/clients/http/engine/transfer.h>
#include <aiopyr/clients/http/request.h>

namespace aiopyr::http {

/// One hop of a request while it runs: its place in the pool, its transfer, and what the transfer
/// reads from. Members are destroyed from the last to the first: the transfer before what it uses.
class Exchange {
 public:
  Exchange(Places::Place place, Request& request) noexcept
      : place_(std::move(place)), request_(request) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// Opens the source of a streamed body; nullopt for an unknown length.
  [[nodiscard]] Task<std::optional<std::uint64_t>> open_body();

  /// Starts the transfer, and the upload of a streamed body.
  void start(std::shared_ptr<Multi> multi, Plan plan);

  /// Returns the transfer. Requires: started.
  [[nodiscard]] Transfer& transfer() noexcept { return *transfer_; }
  /// Returns whether any byte of an answer has come.
  [[nodiscard]] bool has_answer() const noexcept { return transfer_ && transfer_->has_answer(); }
  [[nodiscard]] Places::Place& place() noexcept { return place_; }

 private:
  static Task<> pump(Exchange* self);
  static void on_pumped(void* self) noexcept;

  Places::Place place_;
  Request& request_;
  std::shared_ptr<BodySource> source_;
  std::unique_ptr<Transfer> transfer_;
  Task<> pump_;
};

}  // namespace aiopyr::http

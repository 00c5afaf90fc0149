#pragma once

#include <coroutine>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/clients/http/message/options.h>
#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/base/client_figures.h>
#include <aiopyr/runtime/base/intrusive_list.h>
#include <aiopyr/runtime/base/text_map.h>

namespace aiopyr::http {

/// Who may use a connection: bounds requests at a time, in all and for each origin. First come,
/// first served, except that nobody waits for another origin's limit. Requests to an origin that
/// speaks HTTP/2 share a connection, so more of them are let in. Loop thread only; outlives its
/// waiters and its places.
class Places {
 public:
  Places(const Limits& limits, metrics::ClientFigures& figures) noexcept
      : limits_(limits), figures_(figures) {}
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;

 private:
  struct Origin {
    std::string name;
    std::size_t used = 0;
    std::size_t waiting = 0;
    bool is_shared = false;  // HTTP/2
  };

 public:
  /// A place, given back by the destructor.
  class [[nodiscard]] Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept
        : places_(std::exchange(other.places_, nullptr)),
          origin_(other.origin_),
          cost_(other.cost_) {}
    Place& operator=(Place&& other) noexcept {
      release();
      places_ = std::exchange(other.places_, nullptr);
      origin_ = other.origin_;
      cost_ = other.cost_;
      return *this;
    }
    ~Place() { release(); }
    void release() noexcept {
      if (places_ != nullptr) std::exchange(places_, nullptr)->give_back(*origin_, cost_);
    }
    /// Notes that the origin speaks HTTP/2.
    void set_shared() noexcept;

   private:
    friend class Places;
    Place(Places& places, Origin& origin, std::size_t cost) noexcept
        : places_(&places), origin_(&origin), cost_(cost) {}
    Places* places_ = nullptr;
    Origin* origin_ = nullptr;
    std::size_t cost_ = 0;
  };

  /// Returns a place if one is free and nobody waits for it.
  [[nodiscard]] std::optional<Place> try_take(const std::string& origin);
  /// Returns whether no more may wait.
  [[nodiscard]] bool is_queue_full() const noexcept { return waiting_ >= limits_.waiting; }

  /// Waits for a place. Continues in the root context. Destroying the task ends the wait; a place
  /// that was granted to it goes to the next.
  [[nodiscard]] Task<Place> take(std::string origin);

 private:
  class Awaiter;

  [[nodiscard]] Origin& origin_of(const std::string& name);
  [[nodiscard]] bool has_room(const Origin& origin) const noexcept;
  [[nodiscard]] Place occupy(Origin& origin) noexcept;
  void give_back(Origin& origin, std::size_t cost) noexcept;
  void let_in() noexcept;
  void forget_if_unused(Origin& origin) noexcept;

  Limits limits_;
  metrics::ClientFigures& figures_;
  std::size_t used_ = 0;  // connections
  std::size_t waiting_ = 0;
  detail::TextMap<Origin> origins_;
  IntrusiveList<Runnable> queue_;  // of Awaiters
};

}  // namespace aiopyr::http

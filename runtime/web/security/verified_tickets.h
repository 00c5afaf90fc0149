#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/security/auth_tkt_identity.h>

namespace aiopyr::detail {

/// Caches the contents of tickets with a valid signature: a browser sends the same one with each
/// request, and the digest is its main cost. The age of a ticket is not checked here.
///
/// Holds a bounded number of tickets; later ones replace earlier ones. A ticket is compared only
/// with a cached one of the same hash, so the timing reveals nothing about other users' tickets.
/// Any thread.
class VerifiedTickets {
 public:
  VerifiedTickets();

  /// Returns the contents of `ticket`, sent from `ip`; nullopt if it is not cached.
  [[nodiscard]] std::optional<AuthTktIdentity> find(std::string_view ticket, std::string_view ip);

  /// Adds a ticket. Requires: its signature is valid for this address. Long tickets are not kept.
  void add(std::string_view ticket, std::string_view ip, const AuthTktIdentity& identity);

 private:
  struct Entry {
    std::size_t hash = 0;
    std::string ticket;
    std::string ip;
    AuthTktIdentity identity;
  };

  [[nodiscard]] Entry& place_of(std::size_t hash) noexcept;

  std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace aiopyr::detail

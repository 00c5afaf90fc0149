#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/security/auth_tkt_identity.h>

namespace aiopyr::detail {

/// What tickets say whose signature was right: a browser sends the same one with each request, and
/// its digest is what costs most about it. How old a ticket may be is not looked at here.
///
/// Remembers a bounded number of them, the later in the place of the earlier. A ticket is compared
/// only where its hash is that of a remembered one, so how long it takes tells nobody anything
/// about tickets that he does not have. Any thread.
class VerifiedTickets {
 public:
  VerifiedTickets();

  /// What `ticket`, sent from `ip`, says; nothing where that is not remembered.
  [[nodiscard]] std::optional<AuthTktIdentity> find(std::string_view ticket, std::string_view ip);

  /// Requires: the signature is right for this address. Long tickets are not remembered.
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

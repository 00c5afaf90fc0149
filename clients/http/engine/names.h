#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <aiopyr/clients/base/resolve.h>
#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/base/text_map.h>

namespace aiopyr::http {

/// Tells libcurl where to connect, so that it looks up no name by itself.
struct Pins {
  std::string connect_to;  ///< CURLOPT_CONNECT_TO: the address instead of the URL's host
  std::string pins;        ///< CURLOPT_RESOLVE: the addresses of what connect_to names
};

/// Returns how to connect to one of these addresses, whatever the URL's host is. libcurl keeps
/// connections by what connect_to says, so that one made to other addresses of the same name is
/// not used: what was checked is what is asked.
[[nodiscard]] Pins pin(const std::vector<clients::Address>& addresses, std::uint16_t port);
/// Returns the CURLOPT_RESOLVE that gives a name its addresses: for a proxy, which has no other.
[[nodiscard]] std::string pin_name(const std::string& name, std::uint16_t port,
                                   const std::vector<clients::Address>& addresses);

/// The addresses of names, kept for a while. Loop thread only; outlives its look-ups.
class Names {
 public:
  explicit Names(Seconds keep) noexcept : keep_(keep) {}

  /// Returns the addresses that are kept, without waiting; null where there are none.
  [[nodiscard]] const std::vector<clients::Address>* find(const std::string& host,
                                                          std::uint16_t port) const;
  /// Looks up; throws as clients::resolve().
  [[nodiscard]] Task<std::vector<clients::Address>> look_up(std::string host, std::uint16_t port,
                                                            Seconds timeout);

 private:
  struct Entry {
    std::vector<clients::Address> addresses;
    TimePoint until;
  };
  Seconds keep_;
  detail::TextMap<Entry> entries_;
};

}  // namespace aiopyr::http

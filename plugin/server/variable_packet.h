#pragma once

#include <string>
#include <string_view>

/// The variables of a request as uWSGI's parsers write them (`uwsgi` packet format: lengths of 16
/// bits, little endian, before each name and value), without the packet's header of four bytes. A
/// packet that is cut short is read as far as it goes. Any thread; knows nothing of uWSGI.
namespace aiopyr::plugin {

/// Returns the value of a variable: of several with that name the last, as uWSGI does. Its data()
/// is null if there is none.
[[nodiscard]] std::string_view packet_value(std::string_view packet,
                                            std::string_view wanted) noexcept;

/// Removes all variables with that name.
void remove_from_packet(std::string& packet, std::string_view name);

/// Adds a variable at the end. Requires: neither text has more than 65,535 bytes.
void append_to_packet(std::string& packet, std::string_view name, std::string_view value);

}  // namespace aiopyr::plugin

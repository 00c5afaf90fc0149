#pragma once

#include <cstdint>
#include <postgresql/libpq-fe.h>
#include <string>
#include <vector>

#include "client.h"

/// Writes the answers of TechEmpower's tests.
namespace client_floor {

/// Returns an int4 in the binary format.
[[nodiscard]] std::uint32_t int4_at(const PGresult& rows, int row, int column);

/// Appends rows as JSON, `{"id": 1, "randomNumber": 2}`; in a list if `is_list`.
void append_json(std::string& out, const std::vector<World>& worlds, bool is_list);

/// Appends the page of fortunes: the rows (id, message) and one that is added here, in the order of
/// their messages.
void append_fortunes(std::string& out, const PGresult& rows);

}  // namespace client_floor

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace client_floor {

/// A row of the table `world`.
struct World {
  std::uint32_t id = 0;
  std::uint32_t random_number = 0;
};

/// A client's connection and its request, one at a time.
struct Client {
  int fd = -1;  ///< -1 when the connection has ended before the answer
  bool is_waiting = false;
  std::string input{};
  std::string output{};  ///< what the socket has not taken

  // The request, and what has come for it.
  std::size_t queries = 1;
  std::size_t left = 0;  ///< answers that are still to come
  std::vector<World> worlds{};
  std::string body{};  ///< of the answer
};

}  // namespace client_floor

#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "measurement.h"

/// The command line of the load generator.
namespace load {

/// What went wrong, for the user: reported as `error`.
class LoadError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Options {
  std::string mode{};  ///< the first argument: see main.cc
  std::uint16_t port = 0;
  std::string path = "/";
  std::vector<std::string> headers{};  ///< of each request
  std::size_t connections = 64;
  std::size_t depth = 1;  ///< messages or requests in flight, each connection
  std::size_t size = 20;  ///< bytes of a message
  int status = 200;       ///< that every response must have
  long length = -1;       ///< of every response's body; -1: as that of the first
  Measurement::Options measurement{};
  int core = -1;  ///< to run on; -1: any
};

/// Throws LoadError for what cannot be meant.
[[nodiscard]] Options parse_options(int count, char** arguments);

}  // namespace load

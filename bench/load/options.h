#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "measurement.h"

/// The command line of the load generator.
namespace load {

/// Reports an error to the user, as `error`.
class LoadError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The length of responses that differ in it.
inline constexpr long kAnyLength = -2;

struct Options {
  std::string mode{};  ///< the first argument: see main.cc
  std::uint16_t port = 0;
  std::string path = "/";
  std::vector<std::string> headers{};  ///< of each request
  std::size_t connections = 64;
  std::size_t depth = 1;  ///< messages or requests in flight, each connection
  std::size_t size = 20;  ///< bytes of a message
  int status = 200;       ///< required of every response
  long length = -1;       ///< of every response's body; -1: that of the first; kAnyLength
  bool sleeps = false;    ///< between answers: for a load beside the one that is measured
  Measurement::Options measurement{};
  int core = -1;  ///< the core to run on; -1: any
};

/// Parses the command line. Throws LoadError for invalid values.
[[nodiscard]] Options parse_options(int count, char** arguments);

}  // namespace load

// The floor: the least work of an epoll server for the same bytes. A websocket's message takes one
// recv, its unmasking in place, and one send; an HTTP request one recv, the search for its head's
// end, and one send of a constant. It has no checks, no timeouts and no protection.
//
//     floor PORT RESPONSE_FILE [--close]
//
// The file holds a whole response, which should be as long as that of the server it is compared
// with. --close ends each connection after it. Messages to /topic go to all its connections.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "server.h"

namespace {

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: floor PORT RESPONSE_FILE [--close]\n");
    return 2;
  }
  try {
    const bool close = count > 3 && std::string_view(arguments[3]) == "--close";
    floor_server::Server(std::atoi(arguments[1]), read_file(arguments[2]), close).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "floor: %s\n", error.what());
    return 1;
  }
}

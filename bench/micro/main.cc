// Prints one line of JSON: nanoseconds by the names of the steps.
//
//     micro [ROUNDS]
#include <cstdlib>
#include <iostream>

#include <nlohmann/json.hpp>

#include "figures.h"

int main(int count, char** arguments) {
  const int rounds = count > 1 ? std::atoi(arguments[1]) : 500'000;
  if (rounds < 10) {
    std::cerr << "usage: micro [ROUNDS], 10 or more\n";
    return 2;
  }
  micro::Figures figures = micro::measure_async(rounds);
  figures.merge(micro::measure_routes(rounds));
  std::cout << nlohmann::json(figures).dump() << std::endl;
}

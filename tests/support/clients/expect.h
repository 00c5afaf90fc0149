#pragma once

#include <cstdio>
#include <cstdlib>

/// Ends the program with 1, and says what is wrong, unless `holds`.
inline void require_that(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "wrong: %s\n", what);
  std::exit(1);
}
#define EXPECT(what) require_that((what), #what)

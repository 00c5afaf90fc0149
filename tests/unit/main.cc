// Catch2's only main. GCC 12 warns about libstdc++'s <regex>, which Catch2 uses, when the
// sanitizers are on.
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

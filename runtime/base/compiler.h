#pragma once

// Stops a compilation that would only fail later, with a sentence. Headers that apps include
// include this one first, so that no other error is printed before. An #error alone lets the
// compiler go on and print errors that follow from it, so an include of a missing file comes after
// each.
//
// docs/compilers.md has the reasons.

#if !defined(__cplusplus) || __cplusplus < 202002L
#error "aiopyr needs C++20 or later: compile with -std=c++20 or -std=c++23"
#include <aiopyr/the_error_above_says_what_to_do>
#endif

// Includes a header that defines which standard library this is.
#include <cstddef>

#if defined(_GLIBCXX_USE_CXX11_ABI) && !_GLIBCXX_USE_CXX11_ABI
#error "aiopyr needs the C++11 ABI of libstdc++: compile without _GLIBCXX_USE_CXX11_ABI=0"
#include <aiopyr/the_error_above_says_what_to_do>
#endif

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13 && !defined(AIOPYR_ALLOW_GCC12)
#error \
    "g++ before 13 miscompiles coroutines: compile with clang++-19 (apt install clang-19; make CXX=clang++-19), with g++ 13 or later, or define AIOPYR_ALLOW_GCC12 if none of your coroutines awaits in an `if` or in an expression with a lambda's captures"
#include <aiopyr/the_error_above_says_what_to_do>
#endif

#pragma once

#include <span>
#include <string>
#include <string_view>

namespace aiopyr {

/// Returns the word among `known` that was probably meant by a misspelt one: the one that the
/// fewest letters make of it, added, left out, exchanged or swapped with a neighbour. Empty where
/// that takes more than a third of its letters. Of several the first. Any thread.
[[nodiscard]] std::string_view nearest(std::string_view misspelt,
                                       std::span<const std::string_view> known);

/// Returns `; is 'known' meant?` for the end of a message, or nothing where no word is near.
[[nodiscard]] std::string suggestion(std::string_view misspelt,
                                     std::span<const std::string_view> known);

}  // namespace aiopyr

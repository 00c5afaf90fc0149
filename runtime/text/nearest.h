#pragma once

#include <span>
#include <string>
#include <string_view>

namespace aiopyr {

/// Returns the word of `known` that a misspelt word probably means: the one with the fewest letters
/// added, omitted, replaced or swapped with a neighbour. Empty if that takes more than a third of
/// its letters. The first of several equally near ones. Any thread.
[[nodiscard]] std::string_view nearest(std::string_view misspelt,
                                       std::span<const std::string_view> known);

/// Returns `; is 'known' meant?` for the end of a message, or "" if no word is near.
[[nodiscard]] std::string suggestion(std::string_view misspelt,
                                     std::span<const std::string_view> known);

}  // namespace aiopyr

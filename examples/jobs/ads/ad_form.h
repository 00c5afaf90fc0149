#pragma once

#include <string>

#include "../forms.h"
#include "ads.h"

namespace jobs {

/// Returns the form of an ad, filled with it.
[[nodiscard]] Form ad_form(std::string title, std::string action, const Ad& ad);

/// Copies what the form says to an ad.
void apply_form(const Form& form, Ad& ad);

}  // namespace jobs

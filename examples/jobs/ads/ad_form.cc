#include "ad_form.h"

#include <utility>

#include <aiopyr/runtime/base/parse_number.h>

namespace jobs {

using namespace aiopyr;

namespace {

constexpr std::int32_t kMaxSalary = 10'000'000;

std::optional<std::int32_t> to_salary(const std::string& text) {
  return parse_number<std::int32_t>(text);
}

std::string check_salary(const std::string& text) {
  const auto salary = to_salary(text);
  if (salary && *salary > 0 && *salary <= kMaxSalary) return "";
  return "Please give a whole number without points, such as 60000.";
}

}  // namespace

Form ad_form(std::string title, std::string action, const Ad& ad) {
  Form form(std::move(title), std::move(action), "Save",
            {{.name = "title", .label = "Title", .hint = "What you are looking for."},
             {.name = "company", .label = "Company", .autocomplete = "organization"},
             {.name = "place", .label = "Place"},
             {.name = "salary",
              .label = "Salary in a year",
              .hint = "In euro, such as 60000.",
              .min = 0,
              .check = check_salary},
             {.name = "description",
              .label = "Description",
              .kind = "textarea",
              .hint = "An empty line begins a paragraph.",
              .min = 20,
              .max = 10'000}});
  form.fill("title", ad.title)
      .fill("company", ad.company)
      .fill("place", ad.place)
      .fill("salary", ad.salary ? std::to_string(*ad.salary) : "")
      .fill("description", ad.description);
  return form;
}

void apply_form(const Form& form, Ad& ad) {
  ad.title = form["title"];
  ad.company = form["company"];
  ad.place = form["place"];
  ad.salary = to_salary(form["salary"]);
  ad.description = form["description"];
}

}  // namespace jobs

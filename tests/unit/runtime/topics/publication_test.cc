#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/topics/publication.h>

namespace aiopyr::topics {
namespace {

int made = 0;

struct Shouted final : Form {
  explicit Shouted(const Publication& publication)
      : text(std::string(publication.content()) + "!") {
    ++made;
  }
  std::string text;
};

/// A form made by the publisher, which holds the content.
struct Framed final : Form {
  explicit Framed(std::string_view content) : frame("frame:" + std::string(content)) {}
  explicit Framed(const Publication& publication) : Framed(publication.content()) {}
  [[nodiscard]] std::string_view content() const { return std::string_view(frame).substr(6); }
  std::string frame;
};

TEST_CASE("A publication is a text or bytes") {
  CHECK(Publication::text("text")->is_text());
  CHECK_FALSE(Publication::bytes("\xFF")->is_text());
  CHECK(Publication::bytes(std::string(300, 'x'))->content() == std::string(300, 'x'));
  CHECK_THROWS_WITH(Publication::text("\xFF"), Catch::Contains("Publication::bytes"));
}

TEST_CASE("Each kind of subscriber makes its form once, however often it is asked for") {
  made = 0;
  const auto publication = Publication::text("hi");
  const auto& shouted = publication->as<Shouted>();
  CHECK(shouted.text == "hi!");
  CHECK(publication->as<Framed>().frame == "frame:hi");
  CHECK(&publication->as<Shouted>() == &shouted);
  CHECK(made == 1);
}

TEST_CASE("A form that holds the content is what the publication shows") {
  auto framed = std::make_unique<Framed>("hi");
  const auto* its = framed.get();
  const Publication publication(Publication::Kind::kText, std::move(framed));
  CHECK(publication.content().data() == its->frame.data() + 6);
  CHECK(&publication.as<Framed>() == its);
  CHECK(publication.as<Shouted>().text == "hi!");
}

}  // namespace
}  // namespace aiopyr::topics

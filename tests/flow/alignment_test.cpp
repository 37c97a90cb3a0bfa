#include "flow/alignment.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace sage::flow {
namespace {

// What a reader of the rule would compute: the least watermark of the channels that have not
// ended; nothing once all have.
struct Model {
  std::vector<std::int64_t> marks;
  std::int64_t given = INT64_MIN;

  std::optional<std::int64_t> apply(std::uint32_t channel, std::int64_t ts) {
    marks[channel] = std::max(marks[channel], ts);
    const std::int64_t least = *std::min_element(marks.begin(), marks.end());
    if (least == INT64_MAX || least <= given)
      return std::nullopt;
    given = least;
    return least;
  }
};

// Every sequence of `left` more events over the channels: watermarks 1..3 or the end.
void explore(const Alignment& alignment, const Model& model, std::uint32_t left) {
  if (left == 0)
    return;
  for (std::uint32_t c = 0; c < model.marks.size(); ++c) {
    if (model.marks[c] == INT64_MAX)
      continue;
    for (const std::int64_t ts : {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}, INT64_MAX}) {
      Alignment next = alignment;
      Model expected = model;
      const auto want = expected.apply(c, ts);
      const auto got = ts == INT64_MAX ? next.on_end(c) : next.on_watermark(c, ts);
      REQUIRE(got == want);
      REQUIRE(next.all_ended() == std::all_of(expected.marks.begin(), expected.marks.end(),
                                              [](std::int64_t m) { return m == INT64_MAX; }));
      explore(next, expected, left - 1);
    }
  }
}

}  // namespace

TEST_CASE(
    "alignment: the watermark is the least over the channels that have not ended, for every "
    "sequence of events on 1 to 4 channels",
    "[flow]") {
  for (std::uint32_t channels = 1; channels <= 4; ++channels) {
    explore(Alignment(channels), Model{std::vector<std::int64_t>(channels, INT64_MIN)},
            channels < 4 ? 5 : 4);
  }
}

}  // namespace sage::flow

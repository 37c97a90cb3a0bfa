#include "flow/alignment.hpp"

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

namespace sage::flow {
namespace {

// The rule as a reader would state it, worked out anew from all that every channel has delivered.
class Model {
 public:
  explicit Model(std::size_t channels) : said_(channels) {}

  Alignment::Merged apply(std::size_t channel, const Event& event) {
    said_[channel].push_back(event);
    Alignment::Merged merged;
    if (count_live() == 0) {
      merged.end = true;
      return merged;
    }
    const std::uint64_t newest = newest_epoch();
    const bool is_late = std::holds_alternative<Barrier>(event) &&
                         (std::get<Barrier>(event).epoch < newest || newest <= passed_);
    if (!std::holds_alternative<Barrier>(event))
      merged.mark = mark();
    if (!is_late && newest > passed_ && all_delivered(newest)) {
      passed_ = newest;
      merged.barrier = Barrier{newest};
    }
    return merged;
  }

  bool ended(std::size_t c) const {
    return !said_[c].empty() && std::holds_alternative<End>(said_[c].back());
  }
  bool holds(std::size_t c) const {
    const std::uint64_t newest = newest_epoch();
    return newest > passed_ && !ended(c) && delivered(c, newest);
  }

 private:
  bool idle(std::size_t c) const {
    for (auto event = said_[c].rbegin(); event != said_[c].rend(); ++event) {
      if (const auto* mark = std::get_if<Watermark>(&*event))
        return mark->idle;
      if (std::holds_alternative<BatchRef>(*event))
        return false;
    }
    return false;
  }
  std::int64_t ts(std::size_t c) const {
    std::int64_t most = INT64_MIN;
    for (const Event& event : said_[c]) {
      if (const auto* mark = std::get_if<Watermark>(&event))
        most = std::max(most, mark->ts);
    }
    return most;
  }
  bool delivered(std::size_t c, std::uint64_t epoch) const {
    return std::any_of(said_[c].begin(), said_[c].end(), [&](const Event& event) {
      const auto* barrier = std::get_if<Barrier>(&event);
      return barrier != nullptr && barrier->epoch == epoch;
    });
  }
  std::size_t count_live() const {
    std::size_t live = 0;
    for (std::size_t c = 0; c < said_.size(); ++c)
      live += ended(c) ? 0 : 1;
    return live;
  }
  std::uint64_t newest_epoch() const {
    std::uint64_t newest = 0;
    for (const auto& events : said_) {
      for (const Event& event : events) {
        if (const auto* barrier = std::get_if<Barrier>(&event))
          newest = std::max(newest, barrier->epoch);
      }
    }
    return newest;
  }
  bool all_delivered(std::uint64_t epoch) const {
    for (std::size_t c = 0; c < said_.size(); ++c) {
      if (!ended(c) && !delivered(c, epoch))
        return false;
    }
    return true;
  }
  std::optional<Watermark> mark() {
    std::set<std::int64_t> active;
    for (std::size_t c = 0; c < said_.size(); ++c) {
      if (!ended(c) && !idle(c))
        active.insert(ts(c));
    }
    const std::int64_t before = given_;
    const bool was_idle = all_idle_;
    all_idle_ = active.empty();
    if (!active.empty())
      given_ = std::max(given_, *active.begin());
    if (given_ == before && all_idle_ == was_idle)
      return std::nullopt;
    return Watermark{given_, all_idle_};
  }

  std::vector<std::vector<Event>> said_;
  std::uint64_t passed_ = 0;
  std::int64_t given_ = INT64_MIN;
  bool all_idle_ = false;
};

Alignment::Merged apply(Alignment& alignment, std::uint32_t channel, const Event& event) {
  if (const auto* mark = std::get_if<Watermark>(&event))
    return alignment.on_watermark(channel, *mark);
  if (const auto* barrier = std::get_if<Barrier>(&event))
    return alignment.on_barrier(channel, *barrier);
  if (std::holds_alternative<End>(event))
    return alignment.on_end(channel);
  return alignment.on_batch(channel);
}

bool equal(const Alignment::Merged& a, const Alignment::Merged& b) {
  const bool marks = a.mark.has_value() == b.mark.has_value() &&
                     (!a.mark || (a.mark->ts == b.mark->ts && a.mark->idle == b.mark->idle));
  const bool barriers = a.barrier.has_value() == b.barrier.has_value() &&
                        (!a.barrier || a.barrier->epoch == b.barrier->epoch);
  return marks && barriers && a.end == b.end;
}

const std::vector<Event> kEvents = {BatchRef(), Watermark{1}, Watermark{2}, Watermark{1, true},
                                    Barrier{1}, Barrier{2},   End{}};

// Every sequence of `left` more events over the channels; counts them.
std::uint64_t explore(const Alignment& alignment, const Model& model, std::uint32_t channels,
                      std::uint32_t left) {
  if (left == 0)
    return 1;
  std::uint64_t sequences = 0;
  for (std::uint32_t c = 0; c < channels; ++c) {
    if (model.ended(c) || model.holds(c))
      continue;
    for (const Event& event : kEvents) {
      Alignment next = alignment;
      Model expected = model;
      const Alignment::Merged want = expected.apply(c, event);
      bool same = equal(apply(next, c, event), want) && next.all_ended() == want.end;
      for (std::uint32_t other = 0; other < channels && !want.end; ++other)
        same = same && next.holds(other) == expected.holds(other);
      if (!same)
        FAIL("channel " << c << ", event " << event.index() << ", " << left << " left");
      sequences += explore(next, expected, channels, left - 1);
    }
  }
  return sequences;
}

}  // namespace

TEST_CASE(
    "alignment: watermark, barrier and end are as the rule says, for every sequence of events "
    "on 1 to 4 channels",
    "[flow]") {
  const std::uint32_t depths[] = {6, 5, 4, 4};
  for (std::uint32_t channels = 1; channels <= 4; ++channels) {
    INFO(channels << " channels");
    CHECK(explore(Alignment(channels), Model(channels), channels, depths[channels - 1]) > 10'000);
  }
}

TEST_CASE("alignment: a barrier waits for every channel that has not ended", "[flow]") {
  Alignment alignment(3);
  CHECK_FALSE(alignment.on_barrier(0, {7}).barrier);
  CHECK(alignment.holds(0));
  CHECK_FALSE(alignment.on_barrier(1, {7}).barrier);
  SECTION("the last one brings it") { CHECK(alignment.on_barrier(2, {7}).barrier->epoch == 7); }
  SECTION("or ends") { CHECK(alignment.on_end(2).barrier->epoch == 7); }
  CHECK_FALSE(alignment.holds(0));
}

TEST_CASE("alignment: a newer barrier takes the place of one that never came everywhere",
          "[flow]") {
  Alignment alignment(2);
  alignment.on_barrier(0, {1});
  CHECK_FALSE(alignment.on_barrier(1, {2}).barrier);
  CHECK_FALSE(alignment.holds(0));
  CHECK(alignment.on_barrier(0, {2}).barrier->epoch == 2);
}

TEST_CASE("alignment: an idle channel holds nobody back, and is back with its next batch",
          "[flow]") {
  Alignment alignment(2);
  alignment.on_watermark(0, {5});
  CHECK(alignment.on_watermark(1, {3}).mark->ts == 3);
  CHECK(alignment.on_watermark(1, {3, true}).mark->ts == 5);
  CHECK(alignment.on_watermark(0, {6, true}).mark->idle);
  const auto back = alignment.on_batch(1).mark;
  REQUIRE(back);
  CHECK_FALSE(back->idle);
  CHECK(back->ts == 5);
}

}  // namespace sage::flow

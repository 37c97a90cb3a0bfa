#include "flow/inbox.hpp"

#include "flow/outlet.hpp"
#include "rows.hpp"

#include <catch2/catch.hpp>

namespace sage::flow {
namespace {

std::vector<std::int64_t> ones(std::size_t n) { return std::vector<std::int64_t>(n, 1); }

}  // namespace

TEST_CASE("inbox: a channel takes sixteen batches and no more until one is taken out", "[flow]") {
  BatchPool pool;
  Inbox inbox;
  const std::uint32_t channel = inbox.add_channel(0);
  const BatchRef batch = make_batch(pool, ones(1));
  for (std::uint32_t i = 0; i < Inbox::kBatchesMax; ++i) {
    REQUIRE(inbox.admits(channel, batch->pinned_bytes()));
    inbox.push(channel, batch);
  }
  CHECK_FALSE(inbox.admits(channel, 1));
  REQUIRE(inbox.next());
  CHECK(inbox.admits(channel, 1));
}

TEST_CASE("inbox: an empty channel takes a batch of any size, a filled one counts bytes",
          "[flow]") {
  BatchPool pool;
  Inbox inbox;
  const std::uint32_t channel = inbox.add_channel(0);
  CHECK(inbox.admits(channel, 1ull << 40));
  inbox.push(channel, make_batch(pool, ones(1)));
  CHECK_FALSE(inbox.admits(channel, Inbox::kChannelBytesMax));
}

TEST_CASE("inbox: channels take turns, each in its own order", "[flow]") {
  BatchPool pool;
  Inbox inbox;
  const std::uint32_t a = inbox.add_channel(0);
  const std::uint32_t b = inbox.add_channel(1);
  inbox.push(a, make_batch(pool, {1}));
  inbox.push(a, make_batch(pool, {2}));
  inbox.push(b, make_batch(pool, {3}));
  std::vector<std::int64_t> order;
  std::vector<std::uint32_t> inputs;
  while (auto next = inbox.next()) {
    order.push_back(values_of(std::get<BatchRef>(next->event))[0]);
    inputs.push_back(next->input);
  }
  CHECK(order == std::vector<std::int64_t>{1, 3, 2});
  CHECK(inputs == std::vector<std::uint32_t>{0, 1, 0});
}

TEST_CASE("inbox: of watermarks in a row the last one counts, so they are bounded too", "[flow]") {
  Inbox inbox;
  const std::uint32_t channel = inbox.add_channel(0);
  for (std::int64_t ts = 1; ts <= 1000; ++ts)
    inbox.push(channel, Watermark{ts});
  inbox.push(channel, End{});
  auto first = inbox.next();
  REQUIRE(first);
  CHECK(std::get<Watermark>(first->event).ts == 1000);
  auto second = inbox.next();
  REQUIRE(second);
  CHECK(std::holds_alternative<End>(second->event));
  CHECK_FALSE(inbox.next());
}

TEST_CASE("outlet: what an inbox does not admit waits, and nothing overtakes it", "[flow]") {
  BatchPool pool;
  Inbox inbox;
  const std::uint32_t channel = inbox.add_channel(0);
  Outlet outlet(make_single(0), {{&inbox, channel}});
  std::int64_t sent = 0;
  while (outlet.flush())
    REQUIRE(outlet.push(make_batch(pool, {sent++})));
  CHECK(sent == Inbox::kBatchesMax + 1);
  CHECK_FALSE(outlet.flush());
  std::int64_t taken = 0;
  while (auto next = inbox.next()) {
    CHECK(values_of(std::get<BatchRef>(next->event))[0] == taken++);
    outlet.flush();
  }
  CHECK(taken == sent);
  CHECK(outlet.records_sent() == static_cast<std::uint64_t>(sent));
  CHECK(inbox.records_received() == outlet.records_sent());
}

}  // namespace sage::flow

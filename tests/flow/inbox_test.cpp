#include "flow/inbox.hpp"

#include "flow/outlet.hpp"
#include "rows.hpp"

#include <catch2/catch.hpp>

namespace sage::flow {

TEST_CASE("inbox: channels take turns, each in its own order", "[flow]") {
  BatchPool pool;
  Inbox inbox;
  const Alignment alignment(2);
  const std::uint32_t a = inbox.add_channel(0);
  const std::uint32_t b = inbox.add_channel(1);
  inbox.push(a, make_batch(pool, {1}));
  inbox.push(a, make_batch(pool, {2}));
  inbox.push(b, make_batch(pool, {3}));
  std::vector<std::int64_t> order;
  std::vector<std::uint32_t> inputs;
  while (auto next = inbox.next(alignment)) {
    order.push_back(values_of(std::get<BatchRef>(next->event))[0]);
    inputs.push_back(next->input);
  }
  CHECK(order == std::vector<std::int64_t>{1, 3, 2});
  CHECK(inputs == std::vector<std::uint32_t>{0, 1, 0});
}

TEST_CASE(
    "inbox: nothing is taken from a channel behind its barrier before all have brought theirs",
    "[flow]") {
  BatchPool pool;
  Inbox inbox;
  Alignment alignment(2);
  const std::uint32_t a = inbox.add_channel(0);
  const std::uint32_t b = inbox.add_channel(0);
  inbox.push(a, Barrier{1});
  inbox.push(a, make_batch(pool, {1}));
  auto first = inbox.next(alignment);
  REQUIRE(first);
  alignment.on_barrier(first->channel, std::get<Barrier>(first->event));
  CHECK_FALSE(inbox.next(alignment));
  inbox.push(b, make_batch(pool, {2}));
  inbox.push(b, Barrier{1});
  CHECK(inbox.next(alignment)->channel == b);
  alignment.on_barrier(b, std::get<Barrier>(inbox.next(alignment)->event));
  CHECK(inbox.next(alignment)->channel == a);
}

TEST_CASE("inbox: the channels of a task share what they may hold", "[flow]") {
  Inbox inbox;
  for (std::uint32_t n = 1; n <= 64; ++n)
    inbox.add_channel(0);
  std::uint64_t total = 0;
  for (std::uint32_t c = 0; c < inbox.channels(); ++c)
    total += inbox.credit(c).window().bytes;
  CHECK(total <= Inbox::kTaskBytesMax);
  CHECK(inbox.credit(0).window().bytes == Inbox::kTaskBytesMax / 64);
}

TEST_CASE("outlet: watermarks are bounded, and of those that wait in a row the last one counts",
          "[flow]") {
  BatchPool pool;
  Inbox inbox;
  const Alignment alignment(1);
  Outlet outlet(make_single(0), {{&inbox, inbox.add_channel(0)}});
  std::int64_t ts = 0;
  while (outlet.flush())
    REQUIRE(outlet.push(Watermark{++ts}));
  CHECK(ts == Credit::Window().batches + 1);
  std::int64_t taken = 0;
  while (auto next = inbox.next(alignment)) {
    CHECK(std::get<Watermark>(next->event).ts > taken);
    taken = std::get<Watermark>(next->event).ts;
    outlet.flush();
  }
  CHECK(taken == ts);
}

TEST_CASE("outlet: what an inbox does not admit waits, and nothing overtakes it", "[flow]") {
  BatchPool pool;
  Inbox inbox;
  const Alignment alignment(1);
  const std::uint32_t channel = inbox.add_channel(0);
  Outlet outlet(make_single(0), {{&inbox, channel}});
  std::int64_t sent = 0;
  while (outlet.flush())
    REQUIRE(outlet.push(make_batch(pool, {sent++})));
  CHECK(sent == Credit::Window().batches + 1);
  CHECK_FALSE(outlet.flush());
  std::int64_t taken = 0;
  while (auto next = inbox.next(alignment)) {
    CHECK(values_of(std::get<BatchRef>(next->event))[0] == taken++);
    outlet.flush();
  }
  CHECK(taken == sent);
  CHECK(outlet.records_sent() == static_cast<std::uint64_t>(sent));
  CHECK(inbox.records_received() == outlet.records_sent());
}

}  // namespace sage::flow

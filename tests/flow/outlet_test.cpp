#include "flow/outlet.hpp"

#include "rows.hpp"

#include <deque>

#include <catch2/catch.hpp>

namespace sage::flow {
namespace {

// One sender with a keyed exchange to `n` receivers.
struct Exchange {
  explicit Exchange(std::uint32_t n) {
    inboxes.resize(n);
    std::vector<Outlet::Channel> channels;
    for (Inbox& inbox : inboxes)
      channels.push_back({&inbox, inbox.add_channel(0)});
    outlet = std::make_unique<Outlet>(
        make_hash(pool, schema::KeyExtractor(*number_schema(), {0}), {n, 4096, 8}, 128),
        std::move(channels));
  }
  // The numbers, "w<ts>" for a watermark and "end", as receiver `r` gets them.
  std::vector<std::string> received(std::uint32_t r) {
    std::vector<std::string> out;
    while (auto next = inboxes[r].next(Alignment(1))) {
      if (const auto* batch = std::get_if<BatchRef>(&next->event)) {
        for (const std::int64_t value : values_of(*batch))
          out.push_back(std::to_string(value));
      } else if (const auto* mark = std::get_if<Watermark>(&next->event)) {
        out.push_back("w" + std::to_string(mark->ts) + (mark->idle ? "i" : ""));
      } else {
        out.emplace_back("end");
      }
    }
    return out;
  }

  BatchPool pool;
  std::deque<Inbox> inboxes;
  std::unique_ptr<Outlet> outlet;
};

using Texts = std::vector<std::string>;

// Numbers whose keys belong to receiver `r` of two.
std::vector<std::int64_t> owned(std::uint32_t r, std::size_t n) {
  std::vector<std::int64_t> out;
  for (std::int64_t i = 0; out.size() < n; ++i) {
    const std::string_view key(reinterpret_cast<const char*>(&i), 8);
    if (schema::group_owner(schema::key_group(schema::key_hash(key), 128), 2, 128) == r)
      out.push_back(i);
  }
  return out;
}

}  // namespace

TEST_CASE("outlet: an exchange holds rows back until it is closed", "[flow]") {
  Exchange exchange(2);
  const std::int64_t a = owned(0, 1)[0];
  const std::int64_t b = owned(1, 1)[0];
  REQUIRE(exchange.outlet->push(make_batch(exchange.pool, {a, b})));
  CHECK(exchange.outlet->records_sent() == 0);
  CHECK(exchange.outlet->close());
  CHECK_FALSE(exchange.outlet->close());
  CHECK(exchange.outlet->records_sent() == 2);
  CHECK(exchange.received(0) == Texts{std::to_string(a)});
  CHECK(exchange.received(1) == Texts{std::to_string(b)});
}

TEST_CASE("outlet: End comes behind every row, to every receiver", "[flow]") {
  Exchange exchange(2);
  const std::int64_t a = owned(0, 1)[0];
  REQUIRE(exchange.outlet->push(make_batch(exchange.pool, {a})));
  REQUIRE(exchange.outlet->push(End{}));
  CHECK(exchange.received(0) == Texts{std::to_string(a), "end"});
  CHECK(exchange.received(1) == Texts{"end"});
}

TEST_CASE("outlet: a watermark does not overtake the rows before it", "[flow]") {
  Exchange exchange(2);
  const std::vector<std::int64_t> rows{owned(0, 1)[0], owned(1, 1)[0]};
  const std::string first = std::to_string(rows[0]);
  const std::string second = std::to_string(rows[1]);
  SECTION("with nothing under way it goes at once") {
    REQUIRE(exchange.outlet->push(Watermark{5}));
    CHECK(exchange.received(1) == Texts{"w5"});
  }
  SECTION("closed, it follows") {
    REQUIRE(exchange.outlet->push(make_batch(exchange.pool, {rows[0]})));
    REQUIRE(exchange.outlet->push(Watermark{5}));
    CHECK(exchange.received(1).empty());
    exchange.outlet->close();
    CHECK(exchange.received(0) == Texts{first, "w5"});
    CHECK(exchange.received(1) == Texts{"w5"});
  }
  SECTION("an idle one sends them off") {
    REQUIRE(exchange.outlet->push(make_batch(exchange.pool, {rows[0]})));
    REQUIRE(exchange.outlet->push(Watermark{5, true}));
    CHECK(exchange.received(0) == Texts{first, "w5i"});
    CHECK(exchange.received(1) == Texts{"w5i"});
  }
  SECTION("it is not held up by rows that keep coming") {
    REQUIRE(exchange.outlet->push(make_batch(exchange.pool, {rows[0]})));
    REQUIRE(exchange.outlet->push(Watermark{5}));
    exchange.outlet->close_old();
    REQUIRE(exchange.outlet->push(make_batch(exchange.pool, {rows[1]})));
    REQUIRE(exchange.outlet->push(Watermark{6}));
    CHECK(exchange.received(0).empty());
    exchange.outlet->close_old();
    CHECK(exchange.received(0) == Texts{first, "w5"});
    CHECK(exchange.received(1) == Texts{"w5"});
    exchange.outlet->close_old();
    CHECK(exchange.received(0) == Texts{"w6"});
    CHECK(exchange.received(1) == Texts{second, "w6"});
  }
}

TEST_CASE("outlet: what a receiver does not admit waits, in order, and blocks nobody else",
          "[flow]") {
  Exchange exchange(2);
  const std::vector<std::int64_t> rows = owned(0, Credit::Window().batches + 1);
  const std::int64_t other = owned(1, 1)[0];
  Texts wanted;
  for (const std::int64_t row : rows) {
    wanted.push_back(std::to_string(row));
    std::vector<std::int64_t> batch{row};
    if (row == rows.back())
      batch.push_back(other);
    REQUIRE(exchange.outlet->flush());
    REQUIRE(exchange.outlet->push(make_batch(exchange.pool, batch)));
    if (row == rows.back())
      REQUIRE(exchange.outlet->push(Watermark{7}));
    exchange.outlet->close();
  }
  wanted.emplace_back("w7");
  REQUIRE_FALSE(exchange.outlet->flush());
  CHECK(exchange.received(1) == Texts{std::to_string(other), "w7"});
  Texts got = exchange.received(0);
  CHECK(got.size() == Credit::Window().batches);
  CHECK(exchange.outlet->flush());
  for (const std::string& row : exchange.received(0))
    got.push_back(row);
  CHECK(got == wanted);
}

TEST_CASE("outlet: a receiver that admits nothing holds up no row or watermark of the others",
          "[flow]") {
  Exchange exchange(2);
  const std::vector<std::int64_t> rows = owned(0, Credit::Window().batches + 1);
  const std::int64_t other = owned(1, 1)[0];
  for (const std::int64_t row : rows) {
    REQUIRE(exchange.outlet->flush());
    REQUIRE(exchange.outlet->push(make_batch(exchange.pool, {row})));
    if (row != rows.back())
      exchange.outlet->close();
  }
  REQUIRE(exchange.outlet->push(make_batch(exchange.pool, {other})));
  REQUIRE(exchange.outlet->push(Watermark{5}));
  exchange.outlet->close_old();
  exchange.outlet->close_old();
  CHECK_FALSE(exchange.outlet->flush());
  CHECK(exchange.received(1) == Texts{std::to_string(other), "w5"});
}

TEST_CASE("outlet: credit that came before anybody waited for it is not waited for", "[flow]") {
  Exchange exchange(1);
  for (std::int64_t row = 0; exchange.outlet->flush(); ++row)
    REQUIRE(exchange.outlet->push(make_batch(exchange.pool, {row})));
  CHECK_FALSE(exchange.outlet->wait_for_credit());
  exchange.received(0);
  CHECK(exchange.outlet->wait_for_credit());
  CHECK(exchange.outlet->flush());
}

}  // namespace sage::flow

#include "net/inproc.hpp"

#include "flow/inbox.hpp"

#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace sage::net {
namespace {

flow::Mail note(flow::Inbox& inbox, std::uint32_t channel, flow::Event event) {
  return {&inbox, channel, std::move(event)};
}

}  // namespace

TEST_CASE("inproc: every kind of event arrives as it was put", "[net]") {
  flow::BatchPool pool;
  Inproc inproc(2);
  flow::Inbox inbox;
  const auto mailbox = inproc.make_mailbox().value();
  CHECK(mailbox->empty());
  CHECK_FALSE(mailbox->take());
  flow::BatchRef batch = pool.get(16);
  flow::Batch* const same = &*batch;
  mailbox->put(note(inbox, 7, std::move(batch)));
  mailbox->put(note(inbox, 0, flow::Watermark{-5, false}));
  mailbox->put(note(inbox, 0, flow::Watermark{5, true}));
  mailbox->put(note(inbox, 0, flow::Barrier{9}));
  mailbox->put(note(inbox, 0, flow::End{}));
  CHECK_FALSE(mailbox->empty());
  auto mail = mailbox->take();
  REQUIRE(mail);
  CHECK(mail->inbox == &inbox);
  CHECK(mail->channel == 7);
  CHECK(&*std::get<flow::BatchRef>(mail->event) == same);
  CHECK(std::get<flow::BatchRef>(mail->event).unique());
  CHECK(std::get<flow::Watermark>(mailbox->take()->event).ts == -5);
  CHECK(std::get<flow::Watermark>(mailbox->take()->event).idle);
  CHECK(std::get<flow::Barrier>(mailbox->take()->event).epoch == 9);
  CHECK(std::holds_alternative<flow::End>(mailbox->take()->event));
  CHECK(mailbox->empty());
}

TEST_CASE("inproc: what is still under way when a mailbox goes returns to its pool", "[net]") {
  flow::BatchPool pool;
  Inproc inproc(2);
  flow::Inbox inbox;
  flow::BatchRef batch = pool.get(16);
  const auto mailbox = inproc.make_mailbox().value();
  mailbox->put(note(inbox, 0, batch));
  CHECK_FALSE(batch.unique());
  SECTION("taken out") { mailbox->take(); }
  SECTION("left in") {
    const auto other = inproc.make_mailbox().value();
    other->put(note(inbox, 0, batch));
    mailbox->take();
  }
  CHECK(batch.unique());
}

TEST_CASE("inproc: what one thread puts arrives in order, and nothing is lost between several",
          "[net]") {
  Inproc inproc(2);
  flow::Inbox inbox;
  const auto mailbox = inproc.make_mailbox().value();
  constexpr std::uint32_t kThreads = 3;
  constexpr std::uint64_t kEach = 20'000;
  std::vector<std::jthread> threads;
  for (std::uint32_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 1; i <= kEach; ++i)
        mailbox->put(note(inbox, t, flow::Barrier{i}));
    });
  }
  std::vector<std::uint64_t> last(kThreads);
  std::uint64_t wrong = 0;
  for (std::uint64_t taken = 0; taken < kThreads * kEach;) {
    const auto mail = mailbox->take();
    if (!mail) {
      std::this_thread::yield();
      continue;
    }
    ++taken;
    wrong += std::get<flow::Barrier>(mail->event).epoch == ++last[mail->channel] ? 0 : 1;
  }
  CHECK(wrong == 0);
  CHECK(mailbox->empty());
}

}  // namespace sage::net

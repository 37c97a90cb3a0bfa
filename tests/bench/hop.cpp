// P12: what it takes to hand a batch to another executor while both run, beside a ring of pointers
// with one sender, one receiver and a flag for sleep.
#include "bench.hpp"
#include "flow/inbox.hpp"
#include "measure.hpp"
#include "net/inproc.hpp"

#include <array>
#include <atomic>
#include <stdexcept>
#include <sys/eventfd.h>
#include <thread>

namespace sage::bench {
namespace {

constexpr std::uint32_t kTurn = 16;  // batches that a task may send before its executor settles

void pause() { __builtin_ia32_pause(); }

// The way of the engine: credit, mailbox, inbox.
double hop_ns(std::uint64_t batches, const std::vector<int>& cpus) {
  flow::BatchPool pool;
  const auto inproc = net::Inproc::make(2).value();
  const auto mailbox = inproc->make_mailbox().value();
  const auto waker = flow::Waker::make().value();
  std::vector<flow::Peer*> owed;
  flow::Peer peer(*mailbox, *waker, owed);
  flow::Inbox inbox;
  const std::uint32_t channel = inbox.add_channel(0);
  flow::Credit& credit = inbox.credit(channel);
  const flow::BatchRef batch = pool.get(16);
  double took = 0;
  {
    std::uint64_t received = 0;
    std::jthread receiver([&] {
      pin({cpus[1]});
      const flow::Alignment alignment(1);
      while (received < batches) {
        while (auto mail = mailbox->take())
          inbox.push(mail->channel, std::move(mail->event));
        while (inbox.next(alignment))
          ++received;
        pause();
      }
    });
    pin({cpus[0]});
    took = seconds([&] {
      for (std::uint64_t sent = 0; sent < batches; ++sent) {
        while (!credit.admits(batch->pinned_bytes()))
          pause();
        credit.spend(batch->pinned_bytes());
        peer.post({&inbox, channel, batch});
        if (sent % kTurn == 0) {
          peer.settle();
          owed.clear();
        }
      }
      receiver.join();
    });
  }
  eventfd_t wakes = 0;
  if (eventfd_read(waker->fd(), &wakes) == 0)
    throw std::runtime_error("a receiver that was awake was woken");
  return took / static_cast<double>(batches) * 1e9;
}

double ring_ns(std::uint64_t batches, const std::vector<int>& cpus) {
  constexpr std::uint64_t kRoom = 64;
  std::array<void*, kRoom> ring{};
  alignas(64) std::atomic<std::uint64_t> head{0};
  alignas(64) std::atomic<std::uint64_t> tail{0};
  alignas(64) std::atomic<bool> asleep{false};
  std::uint64_t sum = 0;
  std::jthread receiver([&] {
    pin({cpus[1]});
    for (std::uint64_t taken = 0; taken < batches; ++taken) {
      while (tail.load(std::memory_order_acquire) == taken)
        pause();
      sum += reinterpret_cast<std::uintptr_t>(ring[taken % kRoom]);
      head.store(taken + 1, std::memory_order_release);
    }
  });
  pin({cpus[0]});
  const double took = seconds([&] {
    for (std::uint64_t sent = 0; sent < batches; ++sent) {
      while (sent - head.load(std::memory_order_acquire) == kRoom)
        pause();
      ring[sent % kRoom] = &ring;
      tail.store(sent + 1, std::memory_order_seq_cst);
      if (asleep.load(std::memory_order_seq_cst))
        throw std::runtime_error("nobody sleeps here");
    }
    receiver.join();
  });
  if (sum != batches * reinterpret_cast<std::uintptr_t>(&ring))
    throw std::runtime_error("the ring lost something");
  return took / static_cast<double>(batches) * 1e9;
}

}  // namespace

void hop(Bench& bench) {
  if (!bench.has_two_cpus())
    return;
  const std::uint64_t batches = bench.quick ? 200'000 : 1'000'000;
  std::vector<double> engine;
  std::vector<double> ring;
  std::vector<double> s2;
  bench.each_round([&](bool measured) {
    const double a = hop_ns(batches, bench.two_cpus());
    const double b = ring_ns(batches, bench.two_cpus());
    if (measured) {
      engine.push_back(a);
      ring.push_back(b);
      s2.push_back(measure_s2(bench));
    }
  });
  pin(bench.one_cpu());
  bench.rows.push_back({
      .goal = "P12",
      .what = "hop of a batch to another executor, both awake",
      .yardstick = "ring of pointers",
      .unit = "ns",
      .values = engine,
      .at_least = false,
      .bound = 1000,
      .s2 = s2,
      .figures = ns_each(engine, ring, 1'000'000'000),  // both are nanoseconds
  });
}

}  // namespace sage::bench

#include "flow/executor.hpp"

#include "fake_clock.hpp"
#include "rows.hpp"

#include <sage/ext/roles.h>
#include <sage/ext/wait.h>

#include <cstring>
#include <deque>
#include <functional>
#include <sys/eventfd.h>

#include <catch2/catch.hpp>

namespace sage::flow {
namespace {

// Does something at the moment when its owner takes mail, or looks for it before sleep.
class Moment final : public Mailbox {
 public:
  void put(Mail mail) override { mail_.push_back(std::move(mail)); }
  std::optional<Mail> take() override {
    if (auto now = std::exchange(then, nullptr))
      now();
    if (mail_.empty())
      return std::nullopt;
    Mail first = std::move(mail_.front());
    mail_.pop_front();
    return first;
  }
  bool empty() const override {
    const bool nothing = mail_.empty();
    if (auto now = std::exchange(then_last, nullptr))
      now();
    return nothing;
  }

  std::function<void()> then;
  mutable std::function<void()> then_last;

 private:
  std::deque<Mail> mail_;
};

// A source that has nothing to say for an hour at a time.
sage_status poll_quiet(void*, sage_ctx* ctx, std::uint32_t, sage_out*) {
  const auto* wait = static_cast<const sage_wait_api*>(ctx->get_interface(ctx, SAGE_HOST_WAIT));
  wait->delay(ctx, std::int64_t{3'600'000'000'000});
  return SAGE_IDLE;
}

sage_status poll_descriptor(void*, sage_ctx* ctx, std::uint32_t, sage_out*) {
  const auto* wait = static_cast<const sage_wait_api*>(ctx->get_interface(ctx, SAGE_HOST_WAIT));
  wait->readable(ctx, 999);
  return SAGE_IDLE;
}

sage_status poll_nothing(void*, sage_ctx*, std::uint32_t, sage_out*) { return SAGE_OK; }

// Has more to give for ever, and takes its time.
std::function<void()> slow_calls;
sage_status poll_slowly(void*, sage_ctx*, std::uint32_t, sage_out* out) {
  const std::int64_t row = 0;
  slow_calls();
  return out->emit(out, 0, 0, &row, sizeof row);
}

using Poll = decltype(sage_role_source::poll);
Poll poll_now = poll_quiet;

const void* role_of_quiet(const sage_operator*, const char* id) {
  static const sage_role_source kRole = {
      sizeof kRole, 0, [](void* self, sage_ctx* ctx, std::uint32_t max, sage_out* out) {
        return poll_now(self, ctx, max, out);
      }};
  return std::strcmp(id, SAGE_ROLE_SOURCE) == 0 ? &kRole : nullptr;
}

std::unique_ptr<Task> quiet_task(BatchPool& pool, const Clock* clock = &system_clock(),
                                 Poll poll = poll_quiet) {
  poll_now = poll;
  static const sage_operator kQuiet = [] {
    sage_operator op{};
    op.struct_size = sizeof op;
    op.kind = SAGE_KIND_SOURCE;
    op.id = "quiet";
    op.create = [](const sage_operator*, sage_ctx*, const sage_config*, void**) {
      return sage_status{SAGE_OK};
    };
    op.get_role = role_of_quiet;
    return op;
  }();
  static const schema::OptionTable kNone;
  plugin::InstanceSpec instance;
  instance.op.op = &kQuiet;
  instance.stage = "quiet";
  instance.outputs = {number_schema()};
  instance.options = &kNone;
  std::vector<OperatorSpec> specs(1);
  specs[0].instance = plugin::Instance::create(std::move(instance)).value();
  REQUIRE(specs[0].instance->open());
  return std::make_unique<Task>(
      std::make_unique<Chain>(std::move(specs), TaskContext{&pool, clock}), *clock);
}

// An executor with that mailbox and a quiet source.
struct QuietExecutor {
  QuietExecutor() {
    auto mailbox = std::make_unique<Moment>();
    moment = mailbox.get();
    executor = std::move(Executor::make(system_clock(), std::move(mailbox)).value());
    task = quiet_task(pool);
    executor->add(*task);
  }

  BatchPool pool;
  Moment* moment = nullptr;
  std::unique_ptr<Task> task;
  std::unique_ptr<Executor> executor;
};

}  // namespace

TEST_CASE("waker: who sleeps is woken, who is awake is left alone", "[flow]") {
  auto made = Waker::make();
  REQUIRE(made);
  Waker& waker = **made;
  eventfd_t written = 0;
  waker.wake();
  CHECK(eventfd_read(waker.fd(), &written) != 0);
  waker.fall_asleep();
  waker.wake();
  waker.wake();
  CHECK(eventfd_read(waker.fd(), &written) == 0);
  CHECK(written == 1);
  waker.rise();
  waker.wake();
  CHECK(eventfd_read(waker.fd(), &written) != 0);
}

TEST_CASE("waker: after it rises the descriptor is quiet again", "[flow]") {
  auto made = Waker::make();
  REQUIRE(made);
  Waker& waker = **made;
  waker.fall_asleep();
  waker.wake();
  waker.rise();
  eventfd_t written = 0;
  CHECK(eventfd_read(waker.fd(), &written) != 0);
}

TEST_CASE("executor: an order that comes between the look for orders and sleep is followed",
          "[flow]") {
  QuietExecutor quiet;
  Moment& moment = *quiet.moment;
  Executor& executor = *quiet.executor;
  SECTION("to stop") {
    moment.then = [&] { executor.stop(); };
    CHECK(executor.run());
  }
  SECTION("to cancel") {
    moment.then = [&] { executor.cancel(); };
    CHECK_FALSE(executor.run());
  }
  SECTION("to send a barrier") {
    moment.then = [&] {
      executor.begin_epoch({1});
      moment.then = [&] { moment.then = [&] { executor.stop(); }; };
    };
    CHECK(executor.run());
    CHECK(quiet.task->chain().at(0).counters().barriers.get() == 1);
  }
}

TEST_CASE("executor: an order that comes at the last look before sleep is followed", "[flow]") {
  QuietExecutor quiet;
  Moment& moment = *quiet.moment;
  Executor& executor = *quiet.executor;
  moment.then_last = [&] { executor.stop(); };
  CHECK(executor.run());
}

TEST_CASE("executor: mail that comes just before sleep is taken", "[flow]") {
  QuietExecutor quiet;
  Moment& moment = *quiet.moment;
  Executor& executor = *quiet.executor;
  Inbox inbox;
  inbox.add_channel(0);
  moment.then = [&] {  // in the round before it sleeps; put() without a wake, as it is awake
    moment.then_last = [&] {};
    moment.then = [&] {
      executor.stop();
      moment.then = nullptr;
    };
    moment.put({&inbox, 0, End{}});
  };
  CHECK(executor.run());
  CHECK(inbox.next(Alignment(1)));
}

TEST_CASE("task: a descriptor that is ready for nothing is left alone for a while", "[flow]") {
  BatchPool pool;
  test::FakeClock clock;
  const auto task = quiet_task(pool, &clock, poll_descriptor);
  const std::atomic<bool> leave{false};
  const auto idle = [&] { return task->run(leave).value() == Task::State::kIdle; };
  REQUIRE(idle());
  CHECK(task->wake_fd() == 999);
  task->wake();
  REQUIRE(idle());
  CHECK(task->wake_fd() == -1);
  const std::int64_t pause = task->wake_at_ns() - clock.now_ns();
  CHECK(pause > 0);
  clock.advance(pause);
  REQUIRE(idle());
  CHECK(task->wake_fd() == 999);
}

TEST_CASE("task: a turn ends with the call that took long", "[flow]") {
  BatchPool pool;
  test::FakeClock clock;
  slow_calls = [&] { clock.advance(1'000'000'000); };
  const auto task = quiet_task(pool, &clock, poll_slowly);
  const std::atomic<bool> leave{false};
  const std::int64_t before = clock.now_ns();
  REQUIRE(task->run(leave));
  CHECK(clock.now_ns() - before == 1'000'000'000);
  slow_calls = nullptr;
}

TEST_CASE("task: a source that gives nothing again and again is left alone for a while", "[flow]") {
  BatchPool pool;
  test::FakeClock clock;
  const auto task = quiet_task(pool, &clock, poll_nothing);
  const std::atomic<bool> leave{false};
  CHECK(task->run(leave).value() == Task::State::kIdle);
  CHECK(task->wake_at_ns() > clock.now_ns());
}

}  // namespace sage::flow

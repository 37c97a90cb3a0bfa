#include "flow/executor.hpp"

#include "rows.hpp"

#include <sage/ext/roles.h>
#include <sage/ext/wait.h>

#include <cstring>
#include <functional>
#include <sys/eventfd.h>

#include <catch2/catch.hpp>

namespace sage::flow {
namespace {

// Does something at the moment when its owner looks for mail, which it never has.
class Moment final : public Mailbox {
 public:
  void put(Mail) override {}
  std::optional<Mail> take() override {
    if (auto now = std::exchange(then, nullptr))
      now();
    return std::nullopt;
  }
  bool empty() const override { return true; }

  std::function<void()> then;
};

// A source that has nothing to say for an hour at a time.
sage_status poll_quiet(void*, sage_ctx* ctx, std::uint32_t, sage_out*) {
  const auto* wait = static_cast<const sage_wait_api*>(ctx->get_interface(ctx, SAGE_HOST_WAIT));
  wait->delay(ctx, std::int64_t{3'600'000'000'000});
  return SAGE_IDLE;
}

const void* role_of_quiet(const sage_operator*, const char* id) {
  static const sage_role_source kRole = {sizeof kRole, 0, poll_quiet};
  return std::strcmp(id, SAGE_ROLE_SOURCE) == 0 ? &kRole : nullptr;
}

std::unique_ptr<Task> quiet_task(BatchPool& pool) {
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
      std::make_unique<Chain>(std::move(specs), TaskContext{&pool, &system_clock()}),
      system_clock());
}

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
  BatchPool pool;
  auto mailbox = std::make_unique<Moment>();
  Moment& moment = *mailbox;
  const auto made = Executor::make(system_clock(), std::move(mailbox));
  REQUIRE(made);
  Executor& executor = **made;
  const auto task = quiet_task(pool);
  executor.add(*task);
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
    CHECK(task->chain().at(0).counters().barriers.get() == 1);
  }
}

}  // namespace sage::flow

#include "plugin/instance.hpp"

#include "plugin/scripted.hpp"

#include <stdexcept>

namespace sage::plugin {

TEST_CASE("an instance lives from create to destroy", "[plugin]") {
  Bench bench;
  bench.ready();
  CHECK(bench->trace == "create open close destroy ");
}

TEST_CASE("after a failed create nothing follows, after a failed open only destroy", "[plugin]") {
  Bench bench;
  bench->open = [](sage_ctx* ctx) { return say(ctx, SAGE_E_IO, "no such port"); };
  {
    auto instance = bench.create();
    REQUIRE(instance);
    const Status opened = (*instance)->open();
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == "E0604");
    CHECK(opened.error().kind == ErrorKind::kIo);
    CHECK(opened.error().message == "scripted: no such port");
  }
  CHECK(bench->trace == "create open destroy ");
  bench->trace.clear();
  bench->create = [](sage_ctx*, const sage_config*) { return SAGE_E_CONFIG; };
  const auto refused = bench.create();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "E0603");
  CHECK(refused.error().message.find("config") != std::string::npos);
  CHECK(bench->trace == "create ");
}

TEST_CASE("an unknown verdict or a stray exception is the operator's failure", "[plugin]") {
  Bench bench;
  const auto instance = bench.ready();
  const KeyBatch batch({"a"});
  bench->process = [](sage_ctx*, const sage_batch*) -> sage_status { return 42; };
  CHECK(instance->process(batch.get(), nullptr) == SAGE_E_FAIL);
  CHECK(instance->error_message().find("42") != std::string::npos);
  bench->process = [](sage_ctx*, const sage_batch*) { return sage_status{SAGE_END}; };
  CHECK(instance->process(batch.get(), nullptr) == SAGE_E_FAIL);
  bench->process = [](sage_ctx*, const sage_batch*) { return sage_status{SAGE_IN_PLACE}; };
  CHECK(instance->process(batch.get(), nullptr) == SAGE_E_FAIL);
  bench->process = [](sage_ctx*, const sage_batch*) -> sage_status {
    throw std::runtime_error("thrown");
  };
  CHECK(instance->process(batch.get(), nullptr) == SAGE_E_FAIL);
  CHECK(instance->error_message().find("thrown") != std::string::npos);
  bench->process = [](sage_ctx*, const sage_batch*) -> sage_status { throw 1; };
  CHECK(instance->process(batch.get(), nullptr) == SAGE_E_FAIL);
  bench->process = nullptr;
  CHECK(instance->process(batch.get(), nullptr) == SAGE_OK);
  CHECK(instance->error_message().empty());
}

TEST_CASE("rejections are collected, each record once", "[plugin]") {
  Bench bench;
  bench.spec.on_error = OnError::kDeadLetter;
  const auto instance = bench.ready();
  const KeyBatch batch({"a", "b", "c"});
  bench->process = [](sage_ctx* ctx, const sage_batch* in) {
    CHECK(ctx->reject(ctx, 2, {nullptr, 0}, SAGE_E_RANGE, "too big", 7) == SAGE_OK);
    CHECK(ctx->reject(ctx, 2, {nullptr, 0}, SAGE_E_RANGE, "again", 5) == SAGE_OK);
    if (in != nullptr)
      CHECK(ctx->reject(ctx, 0, {nullptr, 0}, 7, nullptr, 9) == SAGE_OK);
    return sage_status{in == nullptr ? SAGE_OK : SAGE_MORE};
  };
  CHECK(instance->process(batch.get(), nullptr) == SAGE_MORE);
  REQUIRE(instance->rejections().size() == 2);
  CHECK(instance->rejections()[0].index == 2);
  CHECK(instance->rejections()[0].code == SAGE_E_RANGE);
  CHECK(instance->rejections()[0].message == "too big");
  CHECK(instance->rejections()[1].code == SAGE_E_DATA);
  CHECK(instance->process(nullptr, nullptr) == SAGE_OK);  // record 2 was rejected before
  CHECK(instance->rejections().empty());
}

TEST_CASE("an index that is none fails the call, whatever the plugin answers", "[plugin]") {
  for (const std::uint32_t index : {3u, SAGE_NO_INDEX}) {
    Bench bench;
    bench.spec.on_error = OnError::kDeadLetter;
    const auto instance = bench.ready();
    const KeyBatch batch({"a", "b", "c"});
    bench->process = [index](sage_ctx* ctx, const sage_batch*) {
      CHECK(ctx->reject(ctx, index, {nullptr, 0}, SAGE_E_DATA, "none", 4) == SAGE_E_ARG);
      return sage_status{SAGE_OK};
    };
    CHECK(instance->process(batch.get(), nullptr) == SAGE_E_FAIL);
    CHECK(instance->error_message().find("broke the rules") != std::string::npos);
    CHECK(instance->rejections().empty());
  }
}

TEST_CASE("on_error = fail stops an operator at the first rejection", "[plugin]") {
  Bench bench;
  const auto instance = bench.ready();
  const KeyBatch batch({"a", "b"});
  bench->process = [](sage_ctx* ctx, const sage_batch*) {
    CHECK(ctx->reject(ctx, 0, {nullptr, 0}, SAGE_E_DATA, "x", 1) == SAGE_E_CANCELLED);
    return ctx->reject(ctx, 1, {nullptr, 0}, SAGE_E_DATA, "y", 1);
  };
  CHECK(instance->process(batch.get(), nullptr) == SAGE_E_CANCELLED);
  REQUIRE(instance->rejections().size() == 1);
  CHECK(instance->rejections()[0].message == "x");
}

}  // namespace sage::plugin

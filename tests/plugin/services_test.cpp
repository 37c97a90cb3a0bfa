// What an operator asks of its host: log, metrics, waiting, state, options, its place.

#include "plugin/scripted.hpp"

#include <sage/ext/config.h>
#include <sage/ext/log.h>
#include <sage/ext/metrics.h>
#include <sage/ext/state.h>
#include <sage/ext/wait.h>

namespace sage::plugin {

TEST_CASE("an operator logs, measures, waits and is interrupted", "[plugin]") {
  Bench bench;
  std::string logged;
  bench.spec.subtask = 3;
  bench.spec.log = [&](std::uint32_t level, std::string_view stage, std::uint32_t subtask,
                       std::string_view message) {
    logged += std::to_string(level) + " " + std::string(stage) + " " + std::to_string(subtask) +
              " " + std::string(message) + "\n";
  };
  bench->process = [](sage_ctx* ctx, const sage_batch*) {
    const auto* log = service<sage_log_api>(ctx, SAGE_HOST_LOG);
    log->log(ctx, SAGE_LOG_WARNING, "careful", 7);
    log->log(ctx, SAGE_LOG_DEBUG, "hidden", 6);
    const auto* metrics = service<sage_metrics_api>(ctx, SAGE_HOST_METRICS);
    sage_metric* n = metrics->counter(ctx, "n", "rows", nullptr);
    CHECK(metrics->counter(ctx, "n", nullptr, nullptr) == n);
    CHECK(metrics->gauge(ctx, "n", nullptr, nullptr) == nullptr);
    metrics->add(n, 2);
    sage_metric* h = metrics->histogram(ctx, "h", nullptr, nullptr);
    metrics->record(h, 3);
    metrics->record(h, -1);
    const auto* wait = service<sage_wait_api>(ctx, SAGE_HOST_WAIT);
    wait->readable(ctx, 5);
    wait->delay(ctx, 900);
    wait->delay(ctx, 70);
    CHECK(ctx->get_interface(ctx, SAGE_HOST_STATE) == nullptr);
    CHECK(ctx->get_interface(ctx, "sage.host.none/1") == nullptr);
    return sage_status{*ctx->cancel != 0 ? SAGE_E_CANCELLED : SAGE_OK};
  };
  const auto instance = bench.ready();
  const KeyBatch batch({"a"});
  CHECK(instance->process(batch.get(), nullptr) == SAGE_OK);
  CHECK(logged == "2 stage 3 careful\n");
  CHECK(instance->wait_request().fd == 5);
  CHECK(instance->wait_request().delay_ns == 70);
  instance->interrupt();
  CHECK(instance->process(batch.get(), nullptr) == SAGE_E_CANCELLED);
  CHECK(bench->trace.find("interrupt") != std::string::npos);
  const std::vector<Metric> metrics = instance->metrics();
  REQUIRE(metrics.size() == 2);
  CHECK(metrics[0].count == 4);
  CHECK(metrics[0].unit == "rows");
  CHECK(metrics[1].count == 4);
  CHECK(metrics[1].sum == 4);
  CHECK(metrics[1].minimum == -1);
  CHECK(metrics[1].maximum == 3);
}

TEST_CASE("an operator that names metrics after its data is told once, and is bounded",
          "[plugin]") {
  Bench bench;
  std::vector<std::string> logged;
  bench.spec.log = [&](std::uint32_t, std::string_view, std::uint32_t, std::string_view message) {
    logged.emplace_back(message);
  };
  bench->process = [](sage_ctx* ctx, const sage_batch*) {
    const auto* metrics = service<sage_metrics_api>(ctx, SAGE_HOST_METRICS);
    for (std::uint32_t i = 0; i < MetricSet::kMost + 10; ++i) {
      const std::string name = "user " + std::to_string(i);
      sage_metric* const cell = metrics->counter(ctx, name.c_str(), nullptr, nullptr);
      CHECK((cell != nullptr) == (i < MetricSet::kMost));
      metrics->add(cell, 1);
    }
    CHECK(metrics->counter(ctx, "user 0", nullptr, nullptr) != nullptr);
    return sage_status{SAGE_OK};
  };
  const auto instance = bench.ready();
  const KeyBatch batch({"a"});
  CHECK(instance->process(batch.get(), nullptr) == SAGE_OK);
  CHECK(instance->metrics().size() == MetricSet::kMost);
  REQUIRE(logged.size() == 1);
  CHECK_THAT(logged[0], Catch::Contains("more than 256 metrics, `user 256`"));
}

TEST_CASE("an operator keeps slots and blobs by key", "[plugin]") {
  Bench bench;
  const auto schema = schema::Schema::make({{"k", Type::kText}});
  REQUIRE(schema);
  bench.spec.inputs = {*schema};
  bench.spec.keys = {0};
  sage_state* count = nullptr;
  sage_state* list = nullptr;
  const sage_state_api* api = nullptr;
  bench->open = [&](sage_ctx* ctx) {
    api = service<sage_state_api>(ctx, SAGE_HOST_STATE);
    REQUIRE(api != nullptr);
    sage_state_desc desc{sizeof desc, SAGE_STATE_SLOT, "count", 8, 0};
    REQUIRE(api->open(ctx, &desc, &count) == SAGE_OK);
    sage_state* again = nullptr;
    REQUIRE(api->open(ctx, &desc, &again) == SAGE_OK);
    CHECK(again == count);
    desc.slot_size = 16;
    CHECK(api->open(ctx, &desc, &again) == SAGE_E_STATE);
    desc = {sizeof desc, SAGE_STATE_SLOT, "huge", 4097, 0};
    CHECK(api->open(ctx, &desc, &again) == SAGE_E_STATE);
    desc = {sizeof desc, SAGE_STATE_BLOB, "list", 0, 0};
    return api->open(ctx, &desc, &list);
  };
  bench->process = [&](sage_ctx*, const sage_batch* in) {
    std::vector<void*> slots(in->count);
    REQUIRE(api->slots(count, in, slots.data()) == SAGE_OK);
    for (std::uint32_t i = 0; i < in->count; ++i) {
      ++*static_cast<std::uint64_t*>(slots[i]);
      void* slot = nullptr;
      REQUIRE(api->slot(list, in, i, &slot) == SAGE_OK);
      auto* blob = static_cast<sage_blob*>(slot);
      const std::uint32_t len = blob->len;
      REQUIRE(api->resize(list, blob, len + 100) == SAGE_OK);
      CHECK(blob->data[len] == 0);
      blob->data[len] = 7;
    }
    return sage_status{SAGE_OK};
  };
  const auto instance = bench.ready();
  const std::string long_key(100, 'k');
  const KeyBatch batch({"a", "", "a", long_key});
  CHECK(instance->process(batch.get(), nullptr) == SAGE_OK);
  CHECK(instance->process(batch.get(), nullptr) == SAGE_OK);
  CHECK(api->size(count) == 3);
  CHECK(instance->state_keys() == 6);
  CHECK(instance->state_bytes() > 900);
  std::uint64_t cursor = 0;
  sage_bytes keys[100];
  void* slots[100];
  REQUIRE(api->scan(count, &cursor, 100, keys, slots) == 3);
  for (int i = 0; i < 3; ++i) {
    const std::string_view key(reinterpret_cast<const char*>(keys[i].ptr), keys[i].len);
    CHECK(*static_cast<std::uint64_t*>(slots[i]) == (key == "a" ? 4 : 2));
  }
  CHECK(api->scan(count, &cursor, 100, keys, slots) == 0);
}

TEST_CASE("an operator reads its options", "[plugin]") {
  Bench bench;
  using schema::OptionList;
  using schema::OptionTable;
  using schema::OptionValue;
  const OptionTable options = {
      {"flag", {true}},
      {"n", {std::int64_t{-5}}},
      {"ratio", {0.5}},
      {"name", {std::string("a\0b", 3)}},
      {"list", {OptionList{{std::int64_t{1}}, {std::string("x")}}}},
      {"set", {OptionTable{{"b", {std::int64_t{2}}}, {"a", {std::int64_t{1}}}}}}};
  bench.spec.options = &options;
  bench->create = [](sage_ctx*, const sage_config* c) {
    CHECK(c->as_bool(c->get(c, "flag")) == 1);
    CHECK(c->as_int(c->get(c, "n")) == -5);
    CHECK(c->as_float(c->get(c, "n")) == -5);
    CHECK(c->as_float(c->get(c, "ratio")) == 0.5);
    CHECK(c->as_int(c->get(c, "ratio")) == 0);
    CHECK(c->as_text(c->get(c, "name")).len == 3);
    CHECK(c->get(c, "none") == nullptr);
    CHECK(c->as_int(nullptr) == 0);
    CHECK(c->size(nullptr) == 0);
    CHECK(c->type(c->get(c, "list")) == SAGE_VALUE_LIST);
    CHECK(c->size(c->get(c, "list")) == 2);
    CHECK(c->type(c->at(c->get(c, "list"), 1, nullptr)) == SAGE_VALUE_TEXT);
    CHECK(c->at(c->get(c, "list"), 2, nullptr) == nullptr);
    sage_bytes key{};
    CHECK(c->type(c->get(c, "set")) == SAGE_VALUE_TABLE);
    CHECK(c->as_int(c->at(c->get(c, "set"), 0, &key)) == 2);
    CHECK(*key.ptr == 'b');
    return sage_status{SAGE_OK};
  };
  CHECK(bench.create());
}

TEST_CASE("an operator sees its place in the job", "[plugin]") {
  Bench bench;
  const auto schema = schema::Schema::make({{"k", Type::kText}, {"n", Type::kInt64}});
  REQUIRE(schema);
  bench.spec.inputs = {*schema};
  bench.spec.outputs = {*schema};
  bench.spec.keys = {1};
  bench.spec.subtask = 2;
  bench.spec.parallelism = 4;
  bench->create = [](sage_ctx* ctx, const sage_config*) {
    CHECK(ctx->subtask == 2);
    CHECK(ctx->parallelism == 4);
    CHECK(std::string(ctx->stage) == "stage");
    CHECK(ctx->n_inputs == 1);
    CHECK(ctx->inputs[0]->n_fields == 2);
    CHECK(ctx->outputs[0]->data_words == 1);
    CHECK(ctx->n_keys == 1);
    CHECK(ctx->keys[0] == 1);
    CHECK((ctx->flags & SAGE_CTX_BOUNDED) != 0);
    return sage_status{SAGE_OK};
  };
  CHECK(bench.create());
}

}  // namespace sage::plugin

#include "plugin/instance.hpp"

#include "base/hash.hpp"

#include <sage/ext/config.h>
#include <sage/ext/log.h>
#include <sage/ext/metrics.h>
#include <sage/ext/state.h>
#include <sage/ext/wait.h>

#include <cstring>
#include <stdexcept>

#include <catch2/catch.hpp>

namespace sage::plugin {
namespace {

// What the operator under test does; one test at a time.
struct Script {
  std::function<sage_status(sage_ctx*, const sage_config*)> create;
  std::function<sage_status(sage_ctx*)> open;
  std::function<sage_status(sage_ctx*, const sage_batch*)> process;
  std::string trace;
};
Script* script = nullptr;

sage_status process(void*, sage_ctx* ctx, const sage_batch* in, sage_out*) {
  script->trace += "process ";
  return script->process ? script->process(ctx, in) : SAGE_OK;
}

const void* get_role(const sage_operator*, const char* id) {
  static const sage_role_transform kRole = {sizeof kRole, 0, process, nullptr};
  return std::strcmp(id, SAGE_ROLE_TRANSFORM) == 0 ? &kRole : nullptr;
}

sage_operator scripted() {
  sage_operator op{};
  op.struct_size = sizeof op;
  op.kind = SAGE_KIND_MAP;
  op.id = "scripted";
  op.create = [](const sage_operator*, sage_ctx* ctx, const sage_config* config, void**) {
    script->trace += "create ";
    return script->create ? script->create(ctx, config) : SAGE_OK;
  };
  op.open = [](void*, sage_ctx* ctx) {
    script->trace += "open ";
    return script->open ? script->open(ctx) : SAGE_OK;
  };
  op.close = [](void*, sage_ctx*) { script->trace += "close "; };
  op.destroy = [](void*) { script->trace += "destroy "; };
  op.interrupt = [](void*) { script->trace += "interrupt "; };
  op.get_role = get_role;
  return op;
}

class Bench {
 public:
  Bench() {
    script = &script_;
    spec.op.op = &op;
    spec.stage = "stage";
  }
  ~Bench() { script = nullptr; }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  Result<std::unique_ptr<Instance>> create() { return Instance::create(spec); }
  std::unique_ptr<Instance> ready() {
    auto instance = create();
    REQUIRE(instance);
    REQUIRE((*instance)->open());
    return std::move(*instance);
  }
  Script* operator->() { return &script_; }

  sage_operator op = scripted();
  InstanceSpec spec;

 private:
  Script script_;
};

// A batch of keys; payloads are empty.
class KeyBatch {
 public:
  explicit KeyBatch(const std::vector<std::string>& keys) : bytes_(64, '\x55') {
    for (const std::string& key : keys) {
      records_.push_back({0, hash64(key), 0, 0, 0, 0});
      keys_.push_back(
          {static_cast<std::uint32_t>(bytes_.size() - 64), static_cast<std::uint32_t>(key.size())});
      bytes_ += key;
    }
    bytes_.append(64, '\x55');
    buffer_ = {reinterpret_cast<std::uint8_t*>(bytes_.data()) + 64, bytes_.size() - 128};
    batch_.struct_size = sizeof batch_;
    batch_.count = static_cast<std::uint32_t>(keys.size());
    batch_.n_buffers = 1;
    batch_.records = records_.data();
    batch_.buffers = &buffer_;
    batch_.keys = keys_.data();
    batch_.key_buf = SAGE_NO_INDEX;
  }
  const sage_batch* get() const { return &batch_; }

 private:
  std::string bytes_;
  std::vector<sage_record> records_;
  std::vector<sage_key> keys_;
  sage_buffer buffer_{};
  sage_batch batch_{};
};

template <class Api>
const Api* service(sage_ctx* ctx, const char* id) {
  return static_cast<const Api*>(ctx->get_interface(ctx, id));
}

sage_status say(sage_ctx* ctx, sage_status status, const char* message) {
  ctx->set_error(ctx, message, std::strlen(message));
  return status;
}

}  // namespace

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

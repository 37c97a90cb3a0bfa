#pragma once
// An operator whose calls are written in the test, and what an instance of it needs.

#include "base/hash.hpp"
#include "plugin/instance.hpp"

#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sage::plugin {

// What the operator under test does; one test at a time.
struct Script {
  std::function<sage_status(sage_ctx*, const sage_config*)> create;
  std::function<sage_status(sage_ctx*)> open;
  std::function<sage_status(sage_ctx*, const sage_batch*)> process;
  std::string trace;
};
inline Script* script = nullptr;

inline sage_status process(void*, sage_ctx* ctx, const sage_batch* in, sage_out*) {
  script->trace += "process ";
  return script->process ? script->process(ctx, in) : SAGE_OK;
}

inline const void* get_role(const sage_operator*, const char* id) {
  static const sage_role_transform kRole = {sizeof kRole, 0, process, nullptr};
  return std::strcmp(id, SAGE_ROLE_TRANSFORM) == 0 ? &kRole : nullptr;
}

inline sage_operator scripted() {
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

inline sage_status say(sage_ctx* ctx, sage_status status, const char* message) {
  ctx->set_error(ctx, message, std::strlen(message));
  return status;
}

}  // namespace sage::plugin

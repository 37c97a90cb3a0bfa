#include "plugin/state_set.hpp"

#include "plugin/normalise.hpp"
#include "state/keyed_state.hpp"

#include <sage/record.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string>

// Declared by the C ABI, hence outside of our namespaces.
struct sage_state {
  sage_state(sage::plugin::StateSet& in, const sage_state_desc& desc, std::uint32_t groups)
      : set(in),
        name(desc.name),
        kind(desc.kind),
        slot_size(desc.kind == SAGE_STATE_BLOB ? sizeof(sage_blob) : desc.slot_size),
        table(slot_size, groups) {}
  sage::plugin::StateSet& set;
  std::string name;
  std::uint32_t kind;
  std::uint32_t slot_size;
  sage::state::KeyedState table;
  std::vector<sage::state::KeyRef> keys;  // of the batch in hand
};

namespace sage::plugin {
namespace {

constexpr std::uint32_t kSlotMax = 4096;
constexpr std::uint32_t kScanStep = 64;

Error refused(std::string message) {
  return Error{ErrorKind::kFailed, "E0608", std::move(message), "", {}, Severity::kError};
}

state::KeyRef key_of(const Batch& batch, std::uint32_t i) {
  const BytesView key = batch.key(i);
  return {batch[i].key_hash(), key.data(), static_cast<std::uint32_t>(key.size())};
}

void look_up(sage_state& state, std::span<const state::KeyRef> keys, void** slot) {
  state.set.touch();
  const std::uint64_t known = state.table.size();
  const std::uint64_t bytes = state.table.bytes();
  state.table.slots(keys, slot);
  if (state.table.size() != known) {
    state.set.grew(state.table.bytes() - bytes, state.table.size() - known);
  }
}

void free_blobs(sage_state& state) {
  std::array<std::string_view, kScanStep> keys;
  std::array<void*, kScanStep> slots{};
  std::uint64_t cursor = 0;
  while (const std::uint32_t n = state.table.scan(cursor, keys, slots)) {
    for (std::uint32_t i = 0; i < n; ++i) {
      std::free(static_cast<sage_blob*>(slots[i])->data);
    }
  }
}

}  // namespace

StateSet::StateSet(std::uint32_t key_groups) : key_groups_(key_groups) {}

StateSet::~StateSet() {
  for (const auto& state : states_) {
    if (state->kind == SAGE_STATE_BLOB) {
      free_blobs(*state);
    }
  }
}

Result<sage_state*> StateSet::open(const sage_state_desc& theirs) {
  const sage_state_desc desc = normalised(&theirs);
  if (text_or_empty(desc.name).empty()) {
    return refused("a state must have a name");
  }
  const std::string name = desc.name;
  const bool is_slot = desc.kind == SAGE_STATE_SLOT;
  if (!is_slot && desc.kind != SAGE_STATE_BLOB) {
    return refused("state `" + name + "`: kind " + std::to_string(desc.kind) + " is not known");
  }
  if (is_slot && (desc.slot_size == 0 || desc.slot_size > kSlotMax)) {
    return refused("state `" + name + "`: a slot has 1 to 4096 bytes, not " +
                   std::to_string(desc.slot_size));
  }
  for (const auto& state : states_) {
    if (state->name != name) {
      continue;
    }
    if (state->kind != desc.kind || (is_slot && state->slot_size != desc.slot_size)) {
      return refused("state `" + name + "` was opened before with another kind or size");
    }
    return state.get();
  }
  states_.push_back(std::make_unique<sage_state>(*this, desc, key_groups_));
  return states_.back().get();
}

void StateSet::grew(std::uint64_t bytes, std::uint64_t keys) {
  bytes_.store(bytes_.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
  keys_.store(keys_.load(std::memory_order_relaxed) + keys, std::memory_order_relaxed);
}

sage_status state_slots(sage_state* state, const sage_batch* in, void** slot) {
  const Batch batch(in);
  if (state == nullptr || in == nullptr || !batch.keyed()) {
    return SAGE_E_ARG;
  }
  state->keys.resize(batch.size());
  for (std::uint32_t i = 0; i < state->keys.size(); ++i) {
    state->keys[i] = key_of(batch, i);
  }
  look_up(*state, state->keys, slot);
  return SAGE_OK;
}

sage_status state_slot(sage_state* state, const sage_batch* in, std::uint32_t i, void** slot) {
  const Batch batch(in);
  if (state == nullptr || in == nullptr || !batch.keyed() || i >= batch.size()) {
    return SAGE_E_ARG;
  }
  const state::KeyRef key = key_of(batch, i);
  look_up(*state, {&key, 1}, slot);
  return SAGE_OK;
}

sage_status state_resize(sage_state* state, sage_blob* blob, std::uint32_t len) {
  if (state == nullptr || blob == nullptr || state->kind != SAGE_STATE_BLOB) {
    return SAGE_E_ARG;
  }
  state->set.touch();
  if (len > blob->capacity) {
    const std::uint64_t roomy = std::uint64_t{blob->capacity} + blob->capacity / 2;
    const auto capacity = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(std::max<std::uint64_t>({roomy, len, 16}), UINT32_MAX));
    auto* data = static_cast<std::uint8_t*>(std::realloc(blob->data, capacity));
    if (data == nullptr) {
      return SAGE_E_NOMEM;
    }
    state->set.grew(capacity - blob->capacity, 0);
    blob->data = data;
    blob->capacity = capacity;
  }
  if (len > blob->len) {
    std::memset(blob->data + blob->len, 0, len - blob->len);
  }
  blob->len = len;
  return SAGE_OK;
}

std::uint32_t state_scan(sage_state* state, std::uint64_t* cursor, std::uint32_t n, sage_bytes* key,
                         void** slot) {
  if (state == nullptr || cursor == nullptr) {
    return 0;
  }
  std::array<std::string_view, kScanStep> keys;
  std::uint32_t given = 0;
  while (given < n) {
    const std::uint32_t step = std::min(n - given, kScanStep);
    const std::uint32_t got =
        state->table.scan(*cursor, std::span(keys).first(step), {slot + given, step});
    for (std::uint32_t i = 0; key != nullptr && i < got; ++i) {
      key[given + i] = {reinterpret_cast<const std::uint8_t*>(keys[i].data()), keys[i].size()};
    }
    given += got;
    if (got < step) {
      break;
    }
  }
  return given;
}

std::uint64_t state_size(sage_state* state) { return state == nullptr ? 0 : state->table.size(); }

}  // namespace sage::plugin

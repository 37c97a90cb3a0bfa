#pragma once
// What an operator instance is made from. Values; the options are borrowed.

#include "base/on_error.hpp"
#include "plugin/registry.hpp"
#include "schema/option.hpp"
#include "schema/schema.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sage::plugin {

// A line for the job's log. [any]
using LogSink = std::function<void(std::uint32_t level, std::string_view stage,
                                   std::uint32_t subtask, std::string_view message)>;

struct InstanceSpec {
  LoadedOperator op;
  std::string stage;
  std::uint32_t subtask = 0;
  std::uint32_t parallelism = 1;
  std::uint32_t key_groups = 128;
  bool bounded = true;
  std::vector<schema::SchemaPtr> inputs;
  std::vector<schema::SchemaPtr> outputs;
  std::vector<std::uint32_t> keys;  // indexes into inputs[0]
  const schema::OptionTable* options = nullptr;
  LogSink log;
  std::uint32_t log_level = 3;
  // Of rejections: kFail: reject() answers CANCELLED, and the first one of a call is kept; kSkip:
  // kept without their texts; kDeadLetter: kept.
  OnError on_error = OnError::kFail;
};

}  // namespace sage::plugin

// All that a plugin includes. The last line of a plugin:
//
//   SAGE_PLUGIN("text", "1.0.0", "Text operators",
//               sage::operator_of<Split>("split", "Splits lines into words"),
//               sage::operator_of<Lower>("lower", "Lower case").traits(SAGE_TRAIT_IN_PLACE))
#pragma once

#include "copy.hpp"
#include "hash.hpp"
#include "key.hpp"
#include "note.h"
#include "operator.hpp"
#include "state.hpp"
#include "text_rows.hpp"

#include <memory>

namespace sage {

// Owns a sage_operator and the tables it points to.
class OperatorTable {
 public:
  explicit OperatorTable(OperatorSpec spec) : spec_(std::move(spec)) {
    fill(spec_.options_, options_, option_list_);
    fill(spec_.inputs_, inputs_, input_list_);
    fill(spec_.outputs_, outputs_, output_list_);
    entry_ = {spec_.table_, spec_.prototype_};
    sage_operator& t = entry_.table;
    t.n_options = static_cast<std::uint32_t>(options_.size());
    t.options = option_list_.data();
    t.n_inputs = static_cast<std::uint32_t>(inputs_.size());
    t.inputs = input_list_.data();
    t.n_outputs = static_cast<std::uint32_t>(outputs_.size());
    t.outputs = output_list_.data();
  }
  OperatorTable(const OperatorTable&) = delete;
  OperatorTable& operator=(const OperatorTable&) = delete;
  const sage_operator* get() const { return &entry_.table; }

 private:
  template <class Source, class Entry>
  static void fill(const std::vector<Source>& from, std::vector<Entry>& entries,
                   std::vector<const Entry*>& list) {
    for (const Source& source : from) {
      entries.push_back(source.table_entry());
    }
    for (const Entry& entry : entries) {
      list.push_back(&entry);
    }
  }
  OperatorSpec spec_;
  OperatorEntry entry_;
  std::vector<sage_option> options_;
  std::vector<const sage_option*> option_list_;
  std::vector<sage_port> inputs_;
  std::vector<const sage_port*> input_list_;
  std::vector<sage_port> outputs_;
  std::vector<const sage_port*> output_list_;
};

// Owns the table that sage_plugin_main_v1 returns.
class PluginTable {
 public:
  PluginTable(const char* id, const char* version, const char* summary,
              std::vector<OperatorSpec> specs) {
    for (OperatorSpec& spec : specs) {
      operators_.push_back(std::make_unique<OperatorTable>(std::move(spec)));
      list_.push_back(operators_.back()->get());
    }
    table_.struct_size = sizeof table_;
    table_.abi_built = SAGE_ABI_VERSION;
    table_.abi_min = SAGE_ABI(1, 0);
    table_.id = id;
    table_.version = version;
    table_.summary = summary;
    table_.n_operators = static_cast<std::uint32_t>(list_.size());
    table_.operators = list_.data();
  }
  const sage_plugin* get() const { return &table_; }

 private:
  sage_plugin table_{};
  std::vector<std::unique_ptr<OperatorTable>> operators_;
  std::vector<const sage_operator*> list_;
};

}  // namespace sage

#define SAGE_PLUGIN(id, version, summary, ...)                                           \
  SAGE_NOTE(id, version);                                                                \
  extern "C" const sage_plugin* sage_plugin_main_v1(const sage_host* host) {             \
    try {                                                                                \
      static const ::sage::PluginTable kTable(id, version, summary, {__VA_ARGS__});      \
      return host->abi_version >> 16 == SAGE_ABI_VERSION >> 16 ? kTable.get() : nullptr; \
    } catch (...) {                                                                      \
      return nullptr;                                                                    \
    }                                                                                    \
  }                                                                                      \
  static_assert(true, "so that a semicolon may follow")

// The graph that a program describes: stages in the order of their making, and the operators that
// are the program's own. Made by one thread, then constant.
#pragma once

#include "../hash.hpp"
#include "function_operator.hpp"
#include "graph_toml.hpp"
#include "io.hpp"

#include <algorithm>
#include <deque>
#include <stdexcept>

namespace sage::detail {

class Graph {
 public:
  // `library`: the id of the plugin whose operators the program's own ones are.
  explicit Graph(std::string library) : library_(std::move(library)) { config_.name = library_; }

  PipelineConfig config() const { return config_; }
  void configure(PipelineConfig config) {
    if (config.name.empty()) {
      config.name = library_;
    }
    config_ = std::move(config);
  }

  // Returns the id of the stage: the one that is asked for, or else the first free one of `kind`,
  // "kind-2", ...
  std::string add(StageNode node, const std::string& kind) {
    node.id = node.options.id.empty() ? free(kind, stage_ids_) : node.options.id;
    if (std::find(stage_ids_.begin(), stage_ids_.end(), node.id) != stage_ids_.end()) {
      throw std::invalid_argument("two stages have the id '" + node.id + "'");
    }
    stage_ids_.push_back(node.id);
    stages_.push_back(std::move(node));
    return stage_ids_.back();
  }
  // For a stage that goes on where these stand, without an exchange, unless told otherwise.
  StageOptions beside(const std::vector<std::string>& from, StageOptions options) const {
    for (const StageNode& stage : stages_) {
      if (from.size() == 1 && stage.id == from[0] && options.parallelism == 0) {
        options.parallelism = stage.options.parallelism;
      }
    }
    return options;
  }
  // An operator of the program: returns its name for `use`. `T` is one of typed_operators.hpp or
  // typed_ends.hpp.
  template <class T>
  std::string add_operator(const std::string& kind, typename T::Prototype make, bool may_block) {
    operator_ids_.push_back(free(kind, operator_ids_));
    const std::string& id = operator_ids_.back();
    auto prototype = std::make_shared<typename T::Prototype>(std::move(make));
    OperatorSpec spec = operator_of<T>(id.c_str(), "an operator of this program");
    spec.prototype(prototype.get()).traits(may_block ? SAGE_TRAIT_MAY_BLOCK : 0);
    prototypes_.push_back(std::move(prototype));
    operators_.push_back(std::move(spec));
    return library_ + "/" + id;
  }

  // Once; the operators borrow from the graph.
  std::vector<OperatorSpec> take_operators() { return std::move(operators_); }

  std::string toml() const {
    std::string out;
    add_config(out, config_);
    for (const StageNode& stage : stages_) {
      add_stage(out, stage);
    }
    return out;
  }
  // Of stage ids, operators and schemas; not of options.
  std::uint64_t fingerprint() const {
    std::string text;
    for (const StageNode& stage : stages_) {
      text += stage.id + "|" + stage.use + "|" + stage.partition + "|" + stage.types + "|";
      text += names(stage.from).toml() + "|" + names(stage.key_by).toml() + "\n";
    }
    return stable_hash(text);
  }

 private:
  template <class Ids>
  static std::string free(const std::string& kind, const Ids& taken) {
    std::string id = kind;
    for (int n = 2; std::find(taken.begin(), taken.end(), id) != taken.end(); ++n) {
      id = kind + "-" + std::to_string(n);
    }
    return id;
  }

  std::string library_;
  PipelineConfig config_;
  std::vector<StageNode> stages_;
  std::vector<std::string> stage_ids_;
  std::deque<std::string> operator_ids_;  // the tables of the operators point to them
  std::vector<std::shared_ptr<const void>> prototypes_;
  std::vector<OperatorSpec> operators_;
};

// "vllm_embed" of "rag/vllm_embed".
inline std::string last_part(const std::string& use) { return use.substr(use.rfind('/') + 1); }

// "user_id:text,n:int64," for the fingerprint.
template <Streamable T>
std::string type_text() {
  std::string text;
  for (const FieldSpec& field : field_specs<T>()) {
    text += field.name + ":" + std::string(type_name(field.type)) + ",";
  }
  return text;
}

// Fields that the records of a stream may have beside the members of its type: that of a computed
// key, or what an operator of a plugin gives.
enum class More { kNone, kKey, kPerhaps };

// Whether a sink of sage::io shows which fields there are.
template <class S>
constexpr bool writes_all() {
  return !std::is_same_v<S, io::NullSink>;
}

// How the next stage is reached: from where, and how the records are spread over its instances.
struct Edge {
  std::vector<std::string> from;
  std::vector<std::string> key_by{};
  std::string partition{};  // as in StageNode
  std::uint32_t parallelism = 0;
  More more = More::kNone;

  void join(const Edge& other) {
    from.insert(from.end(), other.from.begin(), other.from.end());
    more = std::max(more, other.more);
  }
  const std::string& only_stage() const {
    if (from.size() != 1) {
      throw std::invalid_argument("errors() is asked of the stage itself, not of a union");
    }
    return from[0];
  }
  void require_undivided() const {
    if (!key_by.empty() || !partition.empty()) {
      throw std::invalid_argument("key_by() and partition_custom() are followed by a stage");
    }
  }
  void divide(std::string partitioner, const StageOptions& options) {
    StageOptions others = options;
    others.parallelism = 0;
    std::string said;
    add_options(said, others);
    if (!said.empty() || !options.id.empty() || options.may_block) {
      throw std::invalid_argument(
          "partition_custom() takes a parallelism; other options are for the stage behind it");
    }
    partition = std::move(partitioner);
    parallelism = options.parallelism;
  }
  StageNode to(const std::string& use, const StageOptions& options, std::string types) const {
    StageNode node;
    node.use = use;
    node.types = std::move(types);
    node.from = from;
    node.key_by = key_by;
    if (std::find(key_by.begin(), key_by.end(), "") != key_by.end()) {
      throw std::invalid_argument("key_by() takes members that SAGE_RECORD names");
    }
    node.partition = partition;
    node.options = options;
    if (parallelism != 0) {
      if (options.parallelism != 0 && options.parallelism != parallelism) {
        throw std::invalid_argument("partition_custom() gives the next stage " +
                                    std::to_string(parallelism) + " instances, not " +
                                    std::to_string(options.parallelism));
      }
      node.options.parallelism = parallelism;
    }
    return node;
  }
};

}  // namespace sage::detail

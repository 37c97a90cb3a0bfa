#pragma once
// Made-up operators for tests of plans, and short ways to plan a text.

#include "plan/plan.hpp"
#include "spec/pipeline.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sage::plan {

using Resolver = std::function<schema::Resolution(const schema::ResolveQuery&)>;

// Operators by name. Outlives the plans made with it.
class FakeOperators {
 public:
  FakeOperators();
  FakeOperators(const FakeOperators&) = delete;
  FakeOperators& operator=(const FakeOperators&) = delete;

  schema::OperatorInfo& add(const std::string& name, std::uint32_t kind);
  void resolve_with(const std::string& name, Resolver resolver);
  OperatorResolver operators() const;
  int questions() const { return questions_; }

 private:
  void add_sources();
  void add_operators();
  void add_resolvers();

  std::map<std::string, schema::OperatorInfo> operators_;  // "t/map"
  std::map<std::string, Resolver> resolvers_;
  mutable int questions_ = 0;
};

struct Planned {
  std::optional<Plan> plan;
  Diagnostics findings;
};

// Plans a pipeline text, which must parse.
Planned plan_text(std::string_view text, const FakeOperators& operators);

// "[[stage]]" with an id, an operator and more lines.
std::string stage(const std::string& id, const std::string& op, const std::string& more = "");

// A whole file of stages; the first line of `stages` is line 2.
std::string file(const std::string& stages);

// "E0201 4:8, W0202 5:3": what was found, in order.
std::string found(const Diagnostics& findings);
// The same with messages and hints.
std::string messages(const Diagnostics& findings);

// "a>b forward fused": every edge of a plan, separated by ", ".
std::string edges(const Plan& plan);
// "a b | c": the stages of each chain.
std::string chains(const Plan& plan);

schema::SchemaPtr fields(std::vector<FieldSpec> specs);

}  // namespace sage::plan

#include "runtime/pipeline_test.hpp"

#include "flow/chain.hpp"
#include "runtime/make_operator.hpp"
#include "runtime/test_rows.hpp"

#include <algorithm>

namespace sage::runtime {
namespace {

Error no_path(std::string message, const Place& place) {
  return invalid("E0226", place, std::move(message),
                 "name the first and the last stage of a path without branches");
}

Result<std::uint32_t> stage_of(const plan::Plan& plan, const spec::Located<std::string>& id) {
  for (std::uint32_t s = 0; s < plan.stages.size(); ++s) {
    if (plan.stages[s].id != id.value)
      continue;
    const std::uint32_t kind = plan.stages[s].op.info->kind;
    if (kind == SAGE_KIND_SOURCE || kind == SAGE_KIND_SINK) {
      return no_path("`" + id.value + "` is a " + std::string(schema::kind_name(kind)) +
                         ", and a test opens no sources and no sinks",
                     id.place);
    }
    return s;
  }
  return invalid("E0201", id.place, "there is no stage `" + id.value + "`");
}

// The one stage that reads port 0 of `from` and nothing else.
std::optional<std::uint32_t> next_stage(const plan::Plan& plan, std::uint32_t from) {
  std::optional<std::uint32_t> next;
  for (const plan::Edge& edge : plan.edges) {
    if (edge.from != from || edge.port == kErrorPort)
      continue;
    if (next || edge.port != 0)
      return std::nullopt;
    next = edge.to;
  }
  if (!next)
    return std::nullopt;
  const auto feeds = [&](const plan::Edge& edge) { return edge.to == *next; };
  return std::count_if(plan.edges.begin(), plan.edges.end(), feeds) == 1 ? next : std::nullopt;
}

Result<std::vector<std::uint32_t>> find_path(const plan::Plan& plan, const spec::Test& test) {
  SAGE_TRY(const std::uint32_t first, stage_of(plan, test.at.front()));
  SAGE_TRY(const std::uint32_t last, stage_of(plan, test.at.back()));
  if (plan.stages[first].inputs.size() != 1) {
    return no_path("`" + plan.stages[first].id + "` has " +
                       std::to_string(plan.stages[first].inputs.size()) +
                       " inputs, and a test gives rows to one",
                   test.at.front().place);
  }
  std::vector<std::uint32_t> path = {first};
  while (path.back() != last) {
    const auto next = next_stage(plan, path.back());
    if (!next) {
      return no_path("no path without branches leads from `" + plan.stages[first].id + "` to `" +
                         plan.stages[last].id + "`",
                     test.at.back().place);
    }
    path.push_back(*next);
  }
  return path;
}

// A test with its path and typed rows.
struct Prepared {
  std::vector<std::uint32_t> path;
  std::vector<flow::BatchRef> given;
  std::vector<std::string> given_text;
  std::vector<std::string> want;
};

Result<Prepared> prepare(flow::BatchPool& pool, const plan::Plan& plan, const spec::Test& test,
                         std::uint32_t batch_records) {
  Prepared prepared;
  SAGE_TRY(prepared.path, find_path(plan, test));
  const schema::SchemaPtr& in = plan.stages[prepared.path.front()].inputs[0];
  const schema::SchemaPtr& out = plan.stages[prepared.path.back()].outputs[0];
  SAGE_TRY(prepared.given, make_test_rows(pool, in, test.given, batch_records));
  for (const flow::BatchRef& batch : prepared.given)
    append_rows_as_json(*batch, *in, prepared.given_text);
  SAGE_TRY(const auto want, make_test_rows(pool, out, test.want, batch_records));
  for (const flow::BatchRef& batch : want)
    append_rows_as_json(*batch, *out, prepared.want);
  return prepared;
}

class TestRun {
 public:
  TestRun(const plan::Plan& plan, plugin::Registry& registry, const TestOptions& options,
          flow::BatchPool& pool)
      : plan_(plan), registry_(registry), options_(options), pool_(pool) {}
  ~TestRun() {
    for (plugin::Instance* instance : opened_)
      instance->close();
  }
  TestRun(const TestRun&) = delete;
  TestRun& operator=(const TestRun&) = delete;

  // The rows that come out, as JSON.
  Result<std::vector<std::string>> run(const Prepared& prepared) {
    SAGE_CHECK(make_chain(prepared.path));
    for (std::uint32_t i = 0; i < chain_->size(); ++i) {
      SAGE_CHECK(chain_->at(i).instance().open());
      opened_.push_back(&chain_->at(i).instance());
    }
    const schema::Schema& schema = *plan_.stages[prepared.path.back()].outputs[0];
    for (const flow::BatchRef& batch : prepared.given)
      chain_->offer(0, batch);
    chain_->offer(0, flow::End{});
    bool working = true;
    while (working) {  // until everything is handed over, End as the last
      while (!chain_->flush())
        receive(schema);
      SAGE_TRY(working, chain_->step());
      receive(schema);
    }
    SAGE_ASSERT(chain_->ended());
    return std::move(rows_);
  }

 private:
  Status make_chain(const std::vector<std::uint32_t>& path) {
    const JobContext context{plan_, registry_, options_.log, options_.log_level};
    std::vector<flow::OperatorSpec> specs;
    for (const std::uint32_t s : path) {
      const plan::Stage& stage = plan_.stages[s];
      SAGE_TRY(auto spec, make_operator(context, stage, 0, 1, !stage.keys.empty()));
      spec.retry.backoff_ns = spec.retry.max_ns = 0;  // a test does not wait
      specs.push_back(std::move(spec));
    }
    chain_ = std::make_unique<flow::Chain>(
        std::move(specs),
        flow::TaskContext{&pool_, options_.clock, options_.batch_records, nullptr});
    std::vector<flow::Outlet::Channel> channels = {{&inbox_, inbox_.add_channel(0)}};
    const auto last = static_cast<std::uint32_t>(path.size() - 1);
    chain_->add_outlet(last, 0,
                       std::make_unique<flow::Outlet>(flow::make_single(0), std::move(channels)));
    return Ok{};
  }

  // Takes what the chain has sent.
  void receive(const schema::Schema& schema) {
    while (auto next = inbox_.next(alignment_)) {
      if (const auto* batch = std::get_if<flow::BatchRef>(&next->event))
        append_rows_as_json(**batch, schema, rows_);
    }
  }

  const plan::Plan& plan_;
  plugin::Registry& registry_;
  const TestOptions& options_;
  flow::BatchPool& pool_;
  flow::Inbox inbox_;
  flow::Alignment alignment_{1};
  std::unique_ptr<flow::Chain> chain_;
  std::vector<plugin::Instance*> opened_;
  std::vector<std::string> rows_;
};

// Rows of `a` without those of `b`, each as often as it is too many.
std::vector<std::string> difference(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::vector<std::string> left;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(left));
  return left;
}

Error could_not_run(Error error) {
  error.message = "the stages failed on the rows given: " + error.message;
  error.code = "E0611";
  return error;
}

}  // namespace

TestOutcome run_test(const plan::Plan& plan, plugin::Registry& registry, const spec::Test& test,
                     const TestOptions& options) {
  TestOutcome outcome;
  outcome.name = test.name.value;
  outcome.place = test.place;
  flow::BatchPool pool;
  Result<Prepared> prepared = prepare(pool, plan, test, options.batch_records);
  if (!prepared) {
    outcome.error = std::move(prepared.error());
    return outcome;
  }
  outcome.given = std::move(prepared->given_text);
  outcome.want = std::move(prepared->want);
  auto rows = TestRun(plan, registry, options, pool).run(*prepared);
  if (!rows) {
    outcome.error = could_not_run(std::move(rows.error()));
    return outcome;
  }
  outcome.got = std::move(*rows);
  outcome.missing = difference(outcome.want, outcome.got);
  outcome.unexpected = difference(outcome.got, outcome.want);
  outcome.passed = outcome.missing.empty() && outcome.unexpected.empty();
  return outcome;
}

Diagnostics check_tests(const plan::Plan& plan, const std::vector<spec::Test>& tests) {
  Diagnostics findings;
  flow::BatchPool pool;
  for (const spec::Test& test : tests) {
    Result<Prepared> prepared = prepare(pool, plan, test, TestOptions().batch_records);
    if (!prepared)
      findings.push_back(std::move(prepared.error()));
  }
  return findings;
}

}  // namespace sage::runtime

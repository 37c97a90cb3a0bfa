#include "plan/graph.hpp"

#include "plan/finding.hpp"
#include "plan/order.hpp"
#include "plan/plan.hpp"

#include <sage/plugin.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace sage::plan {
namespace {

using Name = spec::Located<std::string>;

class GraphBuilder {
 public:
  GraphBuilder(const spec::Pipeline& pipeline, const Operators& operators, Diagnostics& findings)
      : stages_(pipeline.stages), operators_(operators), findings_(findings) {
    graph_.inputs.resize(stages_.size());
    graph_.broken.resize(stages_.size());
    graph_.errors_read.resize(stages_.size());
    read_.resize(stages_.size());
  }

  Graph build() {
    name_stages();
    for (std::uint32_t stage = 0; stage < stages_.size(); ++stage)
      link(stage);
    graph_.order = sort_stages(stages_, graph_, findings_);
    if (!names_failed_) {
      for (std::uint32_t stage = 0; stage < stages_.size(); ++stage)
        check_read(stage);
    }
    return std::move(graph_);
  }

 private:
  void report(const char* code, std::string message, std::string hint, const Place& place) {
    findings_.push_back(invalid(code, place, std::move(message), std::move(hint)));
  }

  std::string name_of(std::uint32_t stage) const { return quoted(stages_[stage].id.value); }

  void name_stages() {
    for (std::uint32_t stage = 0; stage < stages_.size(); ++stage) {
      const Name& id = stages_[stage].id;
      const auto [first, is_new] = index_.emplace(id.value, stage);
      if (is_new) {
        ids_.push_back(id.value);
        continue;
      }
      names_failed_ = true;
      report("E0220", "there are two stages " + quoted(id.value),
             "the first one is in line " + std::to_string(stages_[first->second].id.place.line) +
                 "; rename one of them",
             id.place);
    }
  }

  void link(std::uint32_t stage) {
    const spec::Stage& spec = stages_[stage];
    const schema::OperatorInfo* info = operators_[stage];
    if (info != nullptr && is_source(*info)) {
      check_source(stage);
      return;
    }
    if (!spec.from) {
      link_above(stage);
    } else {
      for (const Name& name : *spec.from) {
        const std::optional<Link> link = resolve(name);
        if (!link || !may_read(stage, *link)) {
          graph_.broken[stage] = true;
          continue;
        }
        add(stage, *link);
      }
      if (spec.from->empty())
        report_no_input(stage);
    }
    if (info != nullptr && !graph_.broken[stage])
      number_inputs(stage);
  }

  void check_source(std::uint32_t stage) {
    const spec::Stage& spec = stages_[stage];
    const auto refuse = [&](const char* key, const Place& place) {
      report("E0204", name_of(stage) + " is a source and takes no " + quoted(key),
             "a source has no input; remove " + quoted(key), place);
    };
    if (spec.from && !spec.from->empty()) {
      refuse("from", spec.from->front().place);
      // What it names counts as read: one finding is enough.
      for (const Name& name : *spec.from) {
        if (const std::optional<Link> link = resolve(name))
          mark_read(*link);
      }
    }
    if (!spec.key_by.empty())
      refuse("key_by", spec.key_by.front().place);
    if (spec.partition)
      refuse("partition", spec.partition->place);
  }

  void link_above(std::uint32_t stage) {
    if (stage == 0) {
      graph_.broken[stage] = true;
      if (operators_[stage] != nullptr)
        report_no_input(stage);
      return;
    }
    const Link link{stage - 1, 0, 0, stages_[stage].id.place};
    if (may_read(stage, link)) {
      add(stage, link);
    } else {
      graph_.broken[stage] = true;
    }
  }

  void report_no_input(std::uint32_t stage) {
    graph_.broken[stage] = true;
    report("E0205", name_of(stage) + " has no input",
           stage == 0 ? "a pipeline begins with a source, such as `io/file` or `io/generator`"
                      : "name the stage that it reads with `from`",
           stages_[stage].id.place);
  }

  // "id", "id.port" or "id.errors".
  std::optional<Link> resolve(const Name& name) {
    std::string id = name.value;
    std::string port;
    if (!index_.contains(id)) {
      const std::size_t dot = id.find('.');
      port = dot == std::string::npos ? "" : id.substr(dot + 1);
      id.resize(std::min(dot, id.size()));
    }
    const auto found = index_.find(id);
    if (found == index_.end()) {
      names_failed_ = true;
      report("E0201", "there is no stage " + quoted(id), choices(id, ids_), name.place);
      return std::nullopt;
    }
    return resolve_port(found->second, port, name);
  }

  std::optional<Link> resolve_port(std::uint32_t from, const std::string& port, const Name& name) {
    if (port == kErrorPortName)
      return Link{from, kErrorPort, 0, name.place};
    const bool plain = name.value == stages_[from].id.value;
    const schema::OperatorInfo* info = operators_[from];
    if (plain || info == nullptr)
      return Link{from, 0, 0, name.place};
    std::vector<std::string> ports;
    for (const schema::PortInfo& output : info->outputs) {
      if (output.name == port) {
        return Link{from, static_cast<std::uint32_t>(ports.size()), 0, name.place};
      }
      ports.push_back(output.name);
    }
    ports.emplace_back(kErrorPortName);
    names_failed_ = true;
    report("E0202", name_of(from) + " has no output " + quoted(port), choices(port, ports),
           name.place);
    return std::nullopt;
  }

  bool may_read(std::uint32_t reader, const Link& link) {
    const spec::Stage& from = stages_[link.from];
    if (link.port == kErrorPort) {
      if (from.on_error == OnError::kDeadLetter)
        return true;
      names_failed_ = true;
      report("E0209", name_of(link.from) + " has no dead letters to read",
             "set `on_error = \"dead_letter\"` at " + name_of(link.from), link.place);
      return false;
    }
    const schema::OperatorInfo* info = operators_[link.from];
    if (info == nullptr || !is_sink(*info))
      return true;
    const bool is_default = !stages_[reader].from;
    report("E0206", name_of(link.from) + " is a sink: nothing can read from it",
           is_default ? "without `from`, " + name_of(reader) +
                            " reads the stage above; name another one with `from`"
                      : "name the stage before the sink instead",
           link.place);
    return false;
  }

  void mark_read(const Link& link) {
    if (link.port == kErrorPort) {
      graph_.errors_read[link.from] = true;
    } else {
      read_[link.from].push_back(link.port);
    }
  }

  void add(std::uint32_t stage, const Link& link) {
    mark_read(link);
    graph_.inputs[stage].push_back(link);
  }

  void number_inputs(std::uint32_t stage) {
    std::vector<Link>& links = graph_.inputs[stage];
    const std::size_t wanted = operators_[stage]->inputs.size();
    if (wanted <= 1) {
      warn_twice(stage);
      return;  // several links into one input: a union
    }
    for (std::uint32_t i = 0; i < links.size(); ++i)
      links[i].input = i;
    if (links.size() == wanted)
      return;
    graph_.broken[stage] = true;
    report("E0210",
           name_of(stage) + " has " + std::to_string(wanted) + " inputs, but " +
               std::to_string(links.size()) + (links.size() == 1 ? " is given" : " are given"),
           "`from` names one stage for each input, in order: " + input_names(stage),
           stages_[stage].from ? links.back().place : stages_[stage].id.place);
  }

  std::string input_names(std::uint32_t stage) const {
    std::vector<std::string> names;
    for (const schema::PortInfo& port : operators_[stage]->inputs)
      names.push_back(port.name);
    return joined(names);
  }

  void warn_twice(std::uint32_t stage) {
    const std::vector<Link>& links = graph_.inputs[stage];
    for (auto link = links.begin(); link != links.end(); ++link) {
      const bool twice = std::any_of(links.begin(), link, [&](const Link& other) {
        return other.from == link->from && other.port == link->port;
      });
      if (!twice)
        continue;
      findings_.push_back(warning("W0203", link->place,
                                  name_of(stage) + " reads " + name_of(link->from) +
                                      " more than once: it gets each record as often",
                                  "name it once unless that is meant"));
    }
  }

  void check_read(std::uint32_t stage) {
    const spec::Stage& spec = stages_[stage];
    if (spec.on_error == OnError::kDeadLetter && !graph_.errors_read[stage]) {
      report("E0208", "nobody reads the dead letters of " + name_of(stage),
             "add a sink with `from = \"" + spec.id.value + ".errors\"`", spec.on_error_place);
    }
    const schema::OperatorInfo* info = operators_[stage];
    if (info == nullptr)
      return;
    const std::vector<std::uint32_t>& read = read_[stage];
    for (std::uint32_t port = 0; port < info->outputs.size(); ++port) {
      if (std::find(read.begin(), read.end(), port) != read.end())
        continue;
      const std::string which = port == 0 ? "" : " " + quoted(info->outputs[port].name);
      report("E0207", "nobody reads the output" + which + " of " + name_of(stage),
             "end the pipeline with a sink; `io/null` drops what it gets", spec.id.place);
    }
  }

  const std::vector<spec::Stage>& stages_;
  const Operators& operators_;
  Diagnostics& findings_;
  Graph graph_;
  std::vector<std::vector<std::uint32_t>> read_;  // ports of each stage that somebody reads
  std::map<std::string, std::uint32_t, std::less<>> index_;
  std::vector<std::string> ids_;
  bool names_failed_ = false;  // some link is not known: what is unread cannot be told
};

}  // namespace

bool is_source(const schema::OperatorInfo& info) { return info.kind == SAGE_KIND_SOURCE; }
bool is_sink(const schema::OperatorInfo& info) { return info.kind == SAGE_KIND_SINK; }

Graph build_graph(const spec::Pipeline& pipeline, const Operators& operators,
                  Diagnostics& findings) {
  return GraphBuilder(pipeline, operators, findings).build();
}

}  // namespace sage::plan

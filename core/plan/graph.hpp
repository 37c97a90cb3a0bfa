#pragma once
// Who reads whom: turns the `from` lists of a pipeline into links between stages and checks the
// shape of the graph (names, ports, sources and sinks, cycles, unread outputs). Schemas and
// parallelism come later. Pure. [any]

#include "base/result.hpp"
#include "schema/catalogue.hpp"
#include "spec/pipeline.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sage::plan {

// The description of each stage's operator; nullptr: not known, its stage is passed over.
using Operators = std::vector<const schema::OperatorInfo*>;

struct Link {
  std::uint32_t from = 0;
  std::uint32_t port = 0;   // output of `from`, or kErrorPort
  std::uint32_t input = 0;  // index of the input it feeds
  Place place;              // where it is named
};

struct Graph {
  std::vector<std::vector<Link>> inputs;  // per stage, in the order of its `from`
  std::vector<std::uint32_t> order;       // each stage after those it reads, if there is no cycle
  std::vector<bool> broken;               // an input of the stage is wrong: passed over
  std::vector<bool> errors_read;          // some stage reads its dead letters
};

Graph build_graph(const spec::Pipeline& pipeline, const Operators& operators,
                  Diagnostics& findings);

// True for kinds that read a stream (all but sources) or write one (all but sinks).
bool is_source(const schema::OperatorInfo& info);
bool is_sink(const schema::OperatorInfo& info);

}  // namespace sage::plan

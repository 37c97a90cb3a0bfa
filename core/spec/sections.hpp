#pragma once
// The parts of a pipeline file, each from its table to typed values. What is wrong is reported, and
// then the part has defaults in its place. Only pipeline.cpp uses them. [any]

#include "spec/findings.hpp"
#include "spec/pipeline.hpp"
#include "spec/value.hpp"

#include <cstddef>

namespace sage::spec {

inline constexpr std::int64_t kMostKeyGroups = 32768;

// A [[stage]].
Stage parse_stage(const Value& value, Findings& findings);
// A [[test]].
Test parse_test(const Value& value, Findings& findings);
// [pipeline] into `out`, [cluster] only to check it.
void parse_pipeline_table(const Value& value, Pipeline& out, Findings& findings);
void check_cluster_table(const Value& value, Findings& findings);

}  // namespace sage::spec

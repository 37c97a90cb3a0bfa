#include "conformance/checks.hpp"

#include <sage/plugin.h>

namespace sage::conformance {
namespace {

constexpr Check kLoad = {"load", "the library loads, begins, and describes itself as before"};

constexpr Check kChecks[] = {
    {"describe", "roles are constant, unknown ones absent, defaults can be read"},
    {"options", "values of any type, size and shape are taken or refused, never a crash"},
    {"create", "an instance is made, opened, closed and destroyed"},
    {"batches", "batches of 0, 1, 4096 and 65536 records; what comes out is well-formed"},
    {"values", "empty and very long texts, NUL bytes, extreme numbers, empty lists"},
    {"unchanged", "what comes in stays as it is, unless it may be edited"},
    {"polls", "a source gives well-formed records, in small and large portions"},
    {"finish", "the input ends before the first record"},
    {"interrupt", "an interrupt at any time ends what is going on"},
    {"rounds", "200 rounds of everything leave no memory, descriptor or thread behind"},
    {"commit", "what a sink has prepared can be committed, and committed again"},
};

}  // namespace

const Check& load_check() { return kLoad; }

std::span<const Check> operator_checks() { return kChecks; }

bool applies(const Check& check, const schema::OperatorInfo& op) {
  const bool source = op.kind == SAGE_KIND_SOURCE;
  if (check.name == "polls")
    return source;
  if (check.name == "commit")
    return op.kind == SAGE_KIND_SINK;
  if (check.name == "finish")
    return op.kind != SAGE_KIND_PARTITIONER;
  const bool takes_records =
      check.name == "batches" || check.name == "values" || check.name == "unchanged";
  return !(takes_records && source);
}

bool needs_instance(const Check& check) {
  return check.name != "describe" && check.name != "options" && check.name != "create";
}

}  // namespace sage::conformance

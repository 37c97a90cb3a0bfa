#pragma once
// An operator's functions and roles, normalised once, so that calls need no test of struct sizes.
// Borrows the plugin's tables, which live as long as the process. Values.

#include "plugin/normalise.hpp"

#include <sage/ext/roles.h>

#include <exception>
#include <string>

namespace sage::plugin {

struct OperatorTable {
  const sage_operator* theirs = nullptr;  // what create, resolve and get_role are given
  sage_operator op{};
  // Zero where the operator does not play the role.
  sage_role_schema schema{};
  sage_role_transform transform{};
  sage_role_filter filter{};
  sage_role_partition partition{};
  sage_role_source source{};
  sage_role_sink sink{};
};

template <class Role>
Role role(const sage_operator* theirs, const sage_operator& op, const char* id) {
  return op.get_role == nullptr ? Role{}
                                : normalised(static_cast<const Role*>(op.get_role(theirs, id)));
}

// [control] Runs get_role, which is plugin code.
inline OperatorTable operator_table(const sage_operator* theirs) {
  OperatorTable table;
  table.theirs = theirs;
  table.op = normalised(theirs);
  table.schema = role<sage_role_schema>(theirs, table.op, SAGE_ROLE_SCHEMA);
  table.transform = role<sage_role_transform>(theirs, table.op, SAGE_ROLE_TRANSFORM);
  table.filter = role<sage_role_filter>(theirs, table.op, SAGE_ROLE_FILTER);
  table.partition = role<sage_role_partition>(theirs, table.op, SAGE_ROLE_PARTITION);
  table.source = role<sage_role_source>(theirs, table.op, SAGE_ROLE_SOURCE);
  table.sink = role<sage_role_sink>(theirs, table.op, SAGE_ROLE_SINK);
  return table;
}

// Calls into a plugin. An exception must not come out of one; where it can be caught, it becomes
// SAGE_E_FAIL and `error` names it.
template <class Call>
sage_status guarded(std::string& error, Call&& call) {
  try {
    return call();
  } catch (const std::exception& e) {
    error = std::string("an exception left the plugin: ") + e.what();
  } catch (...) {
    error = "an exception left the plugin";
  }
  return SAGE_E_FAIL;
}

}  // namespace sage::plugin

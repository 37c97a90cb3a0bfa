#pragma once
// Every command of `sage`, one file each.

#include "command.hpp"

namespace sage::cli {

Command demo_command();
Command run_command();
Command lint_command();
Command test_command();
Command graph_command();
Command schema_command();
Command explain_command();
Command plugin_list_command();
Command plugin_new_command();
Command plugin_inspect_command();
Command plugin_test_command();
Command plugin_why_command();
Command version_command();

}  // namespace sage::cli

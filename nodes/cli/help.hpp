#pragma once
// What --help prints. Pure.

#include "command.hpp"

#include <span>
#include <string>

namespace sage::cli {

// The whole program, or the commands of a noun such as "plugin".
std::string program_help(std::span<const Command> commands, const Flags& globals);
std::string noun_help(const std::string& noun, std::span<const Command> commands);
std::string command_help(const Command& command, const Flags& flags, const Flags& globals);

}  // namespace sage::cli

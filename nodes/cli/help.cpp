#include "help.hpp"

#include <algorithm>
#include <string_view>

namespace sage::cli {
namespace {

constexpr std::string_view kIntroduction =
    "sage: streams of records through pipelines of operators.\n"
    "\n"
    "A pipeline is a TOML file: a list of stages, each an operator of a plugin, read from top to\n"
    "bottom. `sage demo` shows one at work, `sage schema pipeline` describes every key.\n"
    "\n"
    "Usage: sage COMMAND [ARGUMENTS] [FLAGS]\n"
    "       sage help COMMAND, or sage COMMAND --help\n";

constexpr std::string_view kConventions =
    "Examples\n"
    "  sage demo                                      count words, and see what a pipeline is\n"
    "  sage run wordcount.toml --set out.with.path=counts/\n"
    "  sage lint jobs/*.toml                          check files without running them\n"
    "  sage plugin list                               the operators there are\n"
    "  sage explain E0107                             what a message means\n"
    "\n"
    "Standard output is data, standard error is talk; with -o json standard output is JSON only.\n"
    "\n"
    "Plugins are searched in: --plugins DIR, SAGE_PLUGIN_PATH (folders with `:` between them),\n"
    "plugins/ beside the pipeline file, <folder of sage>/../plugins, <libdir>/sage/plugins/1.\n"
    "The first folder that has a plugin wins.\n"
    "\n"
    "Exit codes: 0 ok, 1 ran and failed, 2 bad usage, 4 not found, 74 file cannot be used,\n"
    "77 not allowed, 78 bad configuration, 70 a bug of ours, 128+n ended by signal n\n"
    "(Ctrl-C: 130). Every failure has a code: `sage explain CODE` tells the rest.\n";

std::string table(const std::vector<FlagHelp>& rows) {
  std::size_t width = 0;
  for (const FlagHelp& row : rows)
    width = std::max(width, std::min<std::size_t>(row.names.size(), 37));
  std::string out;
  for (const FlagHelp& row : rows) {
    std::string line = "  " + row.names;
    if (row.names.size() > width)
      line += "\n" + std::string(width + 2, ' ');
    else
      line += std::string(width - row.names.size(), ' ');
    line += "  ";
    for (const char c : row.text) {
      line += c;
      if (c == '\n')
        line += std::string(width + 4, ' ');
    }
    out += line + "\n";
  }
  return out;
}

std::string section(std::string_view title, const std::vector<FlagHelp>& rows) {
  return rows.empty() ? "" : "\n" + std::string(title) + "\n" + table(rows);
}

}  // namespace

std::string program_help(std::span<const Command> commands, const Flags& globals) {
  std::vector<FlagHelp> rows;
  std::string section_name;
  for (const Command& command : commands) {
    const bool first = command.section != section_name;
    section_name = command.section;
    rows.push_back({(first ? section_name : "") +
                        std::string(10 - (first ? section_name.size() : 0), ' ') + command.name,
                    command.summary});
  }
  return std::string(kIntroduction) + section("Commands", rows) +
         section("Flags of every command", globals.flags_help()) + "\n" + std::string(kConventions);
}

std::string noun_help(const std::string& noun, std::span<const Command> commands) {
  std::vector<FlagHelp> rows;
  for (const Command& command : commands) {
    if (command.name.starts_with(noun + " "))
      rows.push_back({command.name, command.summary});
  }
  return "Usage: sage " + noun + " COMMAND [ARGUMENTS] [FLAGS]\n" + section("Commands", rows) +
         "\n`sage " + noun + " COMMAND --help` tells more.\n";
}

std::string command_help(const Command& command, const Flags& flags, const Flags& globals) {
  std::string usage = "Usage: sage " + command.name;
  if (!command.usage.empty())
    usage += " " + command.usage;
  std::string out = usage + "\n\n" + command.summary + "\n";
  out += section("Arguments", flags.arguments_help());
  out += section("Flags", flags.flags_help());
  out += section("Flags of every command", globals.flags_help());
  if (!command.more.empty())
    out += "\n" + command.more;
  return out;
}

}  // namespace sage::cli

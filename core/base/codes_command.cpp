// E07xx: files, folders and ports. E08xx: command lines.

#include "base/codes_table.hpp"

namespace sage {
namespace {

constexpr CodeInfo kCodes[] = {
    {"E0701", "no such file",
     "There is no file or folder at this path. Relative paths start at the current directory."},
    {"E0702", "not permitted",
     "The file or folder is there, but this user may not use it in this way."},
    {"E0703", "a directory, not a file", "The path leads to a directory, where a file is needed."},
    {"E0704", "reading failed",
     "The file could be opened, but reading it failed. The reason is the system's."},
    {"E0705", "writing failed",
     "The file could not be made or written. The reason is the system's; a full disk and a quota "
     "are the usual ones."},
    {"E0706", "exists already",
     "What the command makes is there already, and it replaces nothing. Choose another name, or "
     "remove what is there."},
    {"E0708", "not a regular file",
     "The path leads to a pipe, socket or device, where a regular file is needed."},

    {"E0801", "unknown command", "There is no such command. `sage --help` lists those there are."},
    {"E0802", "unknown flag",
     "The command has no such flag. `sage COMMAND --help` lists its flags."},
    {"E0803", "an argument is missing",
     "The command or flag needs something after it. `sage COMMAND --help` shows what."},
    {"E0804", "a flag has a bad value",
     "The flag takes a value of another form. `sage COMMAND --help` shows which."},
    {"E0805", "flags that exclude each other",
     "These flags ask for different things at once. Leave one of them out."},
    {"E0806", "no such code",
     "Codes look like E0107 or W0101, with or without SAGE- in front. Every message of the engine "
     "carries one."},
    {"E0807", "too many arguments", "The command takes fewer arguments than it was given."},
    {"E0808", "no such stage",
     "The command line names a stage that is not in the file. `sage graph FILE` lists the stages."},
    {"E0809", "warnings were denied",
     "There were warnings only, but with --deny-warnings they count as errors."},
    {"E0810", "not a pipeline",
     "The file is neither a pipeline file (.toml) nor a library that describes a pipeline (.so)."},
    {"E0811", "a program describes no pipeline",
     "The body of SAGE_PIPELINE ended with an exception, whose message is shown. It may be one of "
     "the SDK's, such as a stage id that is used twice, or one of the program's own."},
    {"E0812", "not a name for a plugin",
     "The id of a plugin has 1 to 63 of the characters a-z, 0-9, _ and -, and begins with a letter "
     "or digit. It is the first part of `use = \"plugin/operator\"`."},
    {"E0813", "no such template",
     "`sage plugin new` has no template of this kind of operator in this language. `sage plugin "
     "new --help` lists the kinds of each."},
    {"E0814", "the SDK is not installed",
     "Templates, headers and the CMake package come with the SDK, a part of the installation "
     "(`cmake --install BUILD --component sdk`). It is looked for where this program is "
     "installed."},
};

}  // namespace

std::span<const CodeInfo> command_codes() { return kCodes; }

}  // namespace sage

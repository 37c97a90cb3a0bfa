#pragma once
// How a command is declared: its words, its help and its flags, without the library that parses
// command lines. The objects that flags write to must live as long as the action that reads them.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): theirs
class App;
}

namespace sage::cli {

class App;

// Does the work of a command after its flags are read; returns the exit code.
using Action = std::function<int(App&)>;

// What --help shows of one flag or argument.
struct FlagHelp {
  std::string names;  // "-P stage=N", "FILE.toml"
  std::string text;
};

// The flags and arguments of one command. Values are checked while they are parsed; a wrong one is
// a usage error.
class Flags {
 public:
  explicit Flags(CLI::App& parser) : parser_(parser) {}

  // `names` as in "-q,--quiet"; `value` is what help calls the value.
  void flag(const std::string& names, bool& to, const std::string& help);
  void count(const std::string& names, int& to, const std::string& help);
  void text(const std::string& names, const std::string& value, std::string& to,
            const std::string& help);
  // May be given several times, one value each.
  void texts(const std::string& names, const std::string& value, std::vector<std::string>& to,
             const std::string& help);
  void choice(const std::string& names, std::vector<std::string> allowed, std::string& to,
              const std::string& help);
  struct Range {
    std::uint64_t low = 0;
    std::uint64_t high = UINT64_MAX;
  };
  void number(const std::string& names, Range range, std::optional<std::uint64_t>& to,
              const std::string& help);
  void duration(const std::string& names, std::optional<std::int64_t>& to_ns,
                const std::string& help);

  void argument(const std::string& name, std::string& to, const std::string& help);
  void optional_choice(const std::string& name, std::vector<std::string> allowed, std::string& to,
                       const std::string& help);
  void arguments(const std::string& name, std::vector<std::string>& to, const std::string& help);

  const std::vector<FlagHelp>& flags_help() const { return flags_; }
  const std::vector<FlagHelp>& arguments_help() const { return arguments_; }

 private:
  CLI::App& parser_;
  std::vector<FlagHelp> flags_;
  std::vector<FlagHelp> arguments_;
};

struct Command {
  std::string name;     // "run", "plugin list"
  std::string section;  // of `sage --help`: "START", "AUTHOR", ...
  std::string usage;    // what follows the name: "FILE.toml [flags]"
  std::string summary;  // one line
  std::string more;     // below the flags: examples, exit codes
  std::function<Action(Flags&)> define;
};

}  // namespace sage::cli

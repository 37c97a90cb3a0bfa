#include "cli.hpp"

#include "app.hpp"
#include "base/signal_stack.hpp"
#include "commands.hpp"
#include "crash_notes.hpp"
#include "exit_code.hpp"
#include "help.hpp"
#include "usage_error.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <map>
#include <memory>
#include <new>
#include <unistd.h>

#include <CLI/CLI.hpp>

namespace sage::cli {
namespace {

// One command, ready to be parsed.
struct Entry {
  CLI::App* parser;
  Command command;
  std::unique_ptr<Flags> flags;
  Action action;
};

class CommandLine {
 public:
  CommandLine() : global_flags_(parser_) {
    parser_.set_help_flag("-h,--help");
    parser_.set_version_flag("-V,--version", "sage " SAGE_VERSION);
    parser_.fallthrough();
    parser_.require_subcommand(1);
    define_globals();
    for (const auto make :
         {demo_command, run_command, lint_command, test_command, graph_command, schema_command,
          explain_command, plugin_list_command, plugin_inspect_command, plugin_new_command,
          plugin_test_command, plugin_why_command, version_command}) {
      add(make());
    }
  }

  int run(int argc, char** argv) {
    std::vector<const char*> words(argv, argv + argc);
    if (words.size() > 1 && words[1] == std::string_view("help"))
      ask_for_help(words);
    try {
      parser_.parse(static_cast<int>(words.size()), words.data());
    } catch (const CLI::CallForHelp&) {
      return show(help());
    } catch (const CLI::CallForVersion&) {
      return show("sage " SAGE_VERSION "\n");
    } catch (const CLI::ParseError& error) {
      return refuse(error);
    }
    App app(globals_);
    return app.finish(chosen()->action(app));
  }

 private:
  // `help X` is `X --help`; what is no command is refused as it is without `help`.
  void ask_for_help(std::vector<const char*>& words) const {
    words.erase(words.begin() + 1);
    std::string named;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i][0] != '-')
        named += (named.empty() ? "" : " ") + std::string(words[i]);
    }
    const auto is_named = [&](const Entry& entry) {
      return (entry.command.name + " ").starts_with(named + " ") ||
             (named + " ").starts_with(entry.command.name + " ");
    };
    if (named.empty() || std::any_of(entries_.begin(), entries_.end(), is_named))
      words.push_back("--help");
  }

  void define_globals() {
    Flags& f = global_flags_;
    f.choice("-o,--output", {"text", "json", "jsonl", "name"}, globals_.output,
             "form of what is printed; json is one document with a `schema_version`");
    f.texts("--plugins", "DIR", globals_.plugins,
            "search this folder for plugins first; may be given several times");
    f.count("-q,--quiet", globals_.quiet, "no progress and no summary; -qq: no warnings either");
    f.count("-v,--verbose", globals_.verbose, "what operators log; -vv: with details");
    f.choice("--color", {"auto", "always", "never"}, globals_.color,
             "auto: on a terminal, unless NO_COLOR is set");
  }

  void add(Command command) {
    CLI::App* parent = &parser_;
    std::string word = command.name;
    if (const std::size_t space = word.find(' '); space != std::string::npos) {
      parent = noun(word.substr(0, space));
      word = word.substr(space + 1);
    }
    Entry entry;
    entry.parser = parent->add_subcommand(word);
    entry.flags = std::make_unique<Flags>(*entry.parser);
    entry.action = command.define(*entry.flags);
    entry.command = std::move(command);
    entries_.push_back(std::move(entry));
  }

  CLI::App* noun(const std::string& name) {
    CLI::App*& known = nouns_[name];
    if (known == nullptr) {
      known = parser_.add_subcommand(name);
      known->require_subcommand(1);
    }
    return known;
  }

  const Entry* chosen() const {
    for (const Entry& entry : entries_) {
      if (entry.parser->parsed())
        return &entry;
    }
    return nullptr;
  }
  std::string chosen_noun() const {
    for (const auto& [name, parser] : nouns_) {
      if (parser->parsed())
        return name;
    }
    return "";
  }

  std::vector<Command> commands() const {
    std::vector<Command> all;
    for (const Entry& entry : entries_)
      all.push_back(entry.command);
    return all;
  }

  std::string help() const {
    if (const Entry* entry = chosen())
      return command_help(entry->command, *entry->flags, global_flags_);
    if (const std::string name = chosen_noun(); !name.empty())
      return noun_help(name, commands());
    return program_help(commands(), global_flags_);
  }

  int show(const std::string& text) const {
    App app(globals_);
    app.print(text);
    return app.finish(kExitOk);
  }

  int refuse(const CLI::ParseError& error) {
    WrongLine line;
    const Entry* entry = chosen();
    const std::string name = chosen_noun();
    line.command = entry != nullptr ? "sage " + entry->command.name
                   : name.empty()   ? "sage"
                                    : "sage " + name;
    line.wants_command = entry == nullptr;
    line.leftover = parser_.remaining(true);
    line.message = error.what();
    if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
      line.kind = WrongLine::Kind::kMissing;
      line.message = line.message.substr(0, line.message.find(" is required"));
    } else if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
      line.kind = WrongLine::Kind::kNoValue;
      line.message = line.message.substr(0, line.message.find(':'));
    } else if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
      line.kind = WrongLine::Kind::kBadValue;
    }
    if (line.wants_command && line.leftover.empty() && line.kind == WrongLine::Kind::kMissing) {
      Terminal().say(help());
      return kExitUsage;
    }
    add_candidates(line, entry, name);
    App app(globals_);
    return app.finish(app.fail(usage_error(line)));
  }

  void add_candidates(WrongLine& line, const Entry* entry, const std::string& noun_name) const {
    for (const Entry& known : entries_) {
      const std::string& name = known.command.name;
      const std::size_t space = name.find(' ');
      if (noun_name.empty())
        line.commands.push_back(name.substr(0, space));
      else if (name.starts_with(noun_name + " "))
        line.commands.push_back(name.substr(space + 1));
    }
    add_flags(line.flags, global_flags_);
    if (entry != nullptr)
      add_flags(line.flags, *entry->flags);
  }

  // "-P, --parallelism stage=N" -> "-P", "--parallelism"
  static void add_flags(std::vector<std::string>& to, const Flags& flags) {
    to.insert(to.end(), {"-h", "--help"});
    for (const FlagHelp& flag : flags.flags_help()) {
      for (std::size_t at = 0; at < flag.names.size() && flag.names[at] == '-';) {
        const std::size_t end = std::min(flag.names.find_first_of(", ", at), flag.names.size());
        to.push_back(flag.names.substr(at, end - at));
        at = std::min(flag.names.find_first_not_of(", ", end), flag.names.size());
      }
    }
  }

  CLI::App parser_{"", "sage"};
  Globals globals_;
  Flags global_flags_;
  std::vector<Entry> entries_;
  std::map<std::string, CLI::App*> nouns_;
};

int report_bug(const char* what) {
  std::fprintf(stderr,
               "error[SAGE-E0001]: internal error: %s\n"
               "  = help: this is a bug of ours; please report it with this message\n",
               what);
  return kExitInternal;
}

// With standard output closed, the next file that is opened would become it.
void fill_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
      continue;
    // Opened the wrong way round, so that its use still fails.
    static_cast<void>(::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

}  // namespace

int main(int argc, char** argv) {
  fill_standard_descriptors();
  ::signal(SIGXFSZ, SIG_IGN);  // write() says that a file is as large as it may be
  const SignalStack stack;
  const CrashNotes notes;
  try {
    return CommandLine().run(argc, argv);
  } catch (const std::bad_alloc&) {
    return report_bug("out of memory");
  } catch (const std::exception& error) {
    return report_bug(error.what());
  }
}

}  // namespace sage::cli

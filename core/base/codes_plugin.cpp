// E03xx: finding and loading plugins. E04xx: the options of their operators.

#include "base/codes_table.hpp"

namespace sage {
namespace {

constexpr CodeInfo kPlugins[] = {
    {"E0301", "no such plugin",
     "No folder that is searched has a plugin with this id. `sage plugin list` shows what was "
     "found and `sage plugin why` where it was looked for; `--plugins DIR` and SAGE_PLUGIN_PATH "
     "add folders."},
    {"E0302", "no such operator",
     "The plugin is there but has no operator with this name. `sage plugin inspect` lists what it "
     "has. A newer version of the plugin may have it."},
    {"E0303", "no such version of the plugin",
     "The plugin is there, but not in the version that \"plugin@VERSION/operator\" asks for. The "
     "versions found are listed; leave out @VERSION to take the highest."},
    {"E0304", "not a shared library",
     "The file is not in the format of libraries (ELF), whatever its name says. It may be a linker "
     "script, a text file or an unfinished download. In a plugin folder it is passed over."},
    {"E0305", "built for another machine",
     "The library is for another processor or word size than this program. Build it for this "
     "machine."},
    {"E0306", "the plugin file is truncated or damaged",
     "Parts that the file's headers speak of lie outside the file. Copy or build it again. To "
     "replace a plugin in use, write a new file and rename it over the old one."},
    {"E0307", "not a plugin",
     "The file is a shared library without the note that marks plugins. Build it with "
     "sage_add_plugin() and put SAGE_PLUGIN(...) into exactly one source file. Other libraries do "
     "not belong into a plugin folder."},
    {"E0308", "the plugin's entry point is missing",
     "The file has a plugin's note but does not export the function behind it. It was linked with "
     "a version script or visibility settings that hide it; use sage_add_plugin()."},
    {"E0309", "another major version of the plugin interface",
     "The plugin was built for an interface that this program does not speak. Build it again with "
     "the SDK of this version."},
    {"E0310", "the plugin needs a newer engine",
     "The plugin says that it uses parts of the interface that this program is too old to have. "
     "Install a newer engine, or build the plugin with an older SDK."},
    {"E0311", "the plugin crashed while it was looked at",
     "Plugins are looked at in a process of their own, and that process ended before it answered, "
     "by a signal or by exit(): code that runs when the library is loaded, begins, or describes "
     "itself, is faulty. A library that was built with a sanitizer ends it, too, unless the "
     "sanitizer's runtime is preloaded. `sage plugin why FILE` looks again."},
    {"E0312", "the plugin did not answer in time",
     "Loading the library or asking for its description did not end within the time allowed. "
     "Constructors of global objects must not wait for anything."},
    {"E0313", "the plugin describes itself wrongly",
     "The description breaks a rule of the interface: a name with other characters than "
     "[a-z0-9_-], two operators of one name, an option without a type, a role that its kind of "
     "operator needs and does not offer. The message says which."},
    {"E0314", "everybody may write here",
     "The plugin file or its folder can be changed by every user of this machine, so anybody "
     "could have any code run under your name. Take the right away: chmod o-w."},
    {"E0315", "the plugin cannot be loaded",
     "The system's loader refused the library; its reason is in the message. Usually a library "
     "that it needs is not installed (`ldd FILE` shows which), or a function is not defined "
     "anywhere."},
    {"E0316", "the helper that looks at plugins is missing",
     "`sage-plugin-scan` is installed with the program and starts with it. It was not found or "
     "could not be started: the installation is incomplete."},
    {"E0317", "the plugin cache cannot be used",
     "Plugins are loaded from private copies in a cache folder, which could not be made or "
     "written. Look at its owner and at the space left, or name another with XDG_CACHE_HOME."},
    {"E0318", "the plugin file cannot be read",
     "The file is in a plugin folder, but reading it failed, often for lack of permission."},
    {"E0319", "the plugin is not a regular file",
     "Only regular files are plugins. Directories, FIFOs, sockets and devices are never opened, "
     "and "
     "symbolic links are not followed, as what they lead to may be exchanged by others. Put a copy "
     "of the library itself into the folder."},
    {"E0320", "an executable, not a library",
     "The file is a program and cannot be loaded into another. Build the plugin as a library, "
     "with sage_add_plugin()."},
    {"E0321", "the plugin file has changed",
     "The file is not the one that was looked at when the pipeline was checked; it was replaced "
     "in between. Run the command again."},
    {"E0322", "the plugin exports more than its entry point",
     "Functions and variables that a plugin exports can collide with those of other plugins. Only "
     "the entry point may be visible: build with sage_add_plugin(), which hides the rest."},
    {"E0323", "the plugin has process-wide symbols",
     "The library marks symbols as unique in the whole process, so two versions of it would share "
     "their variables. Build it with -fno-gnu-unique; sage_add_plugin() does."},
    {"E0324", "the plugin's note and description differ",
     "What the note in the file says, such as the plugin's id or version, is not what its "
     "description says when it is loaded. The file was put together from two builds; build it "
     "anew."},
    {"E0325", "two files are the same plugin",
     "Two files in one folder offer the same id and version, so it is not clear which is meant. "
     "Remove one of them."},
    {"E0326", "the plugin refused this program",
     "The plugin was asked for its operators and gave none. Its message says why; it may need "
     "another version of the engine."},
    {"E0327", "a program describes another pipeline than before",
     "A library with SAGE_PIPELINE runs its body in each process that uses it, and the stages, "
     "operators and records of all of them must be the same. This one depends on something that "
     "differs: the time, a random number, a file, an environment variable. Put such things into "
     "options of operators or into the data."},

    {"W0301", "a plugin is hidden by another",
     "Two folders have a plugin with this id. The one in the folder that is searched first is "
     "used; its path and the hidden one's are in the message."},
};

constexpr CodeInfo kOptions[] = {
    {"E0401", "a required option is missing",
     "The operator cannot work without this option, and there is no sensible default. Write it "
     "into `with`."},
    {"E0402", "an option has the wrong type",
     "The option needs a value of another type. `sage schema PLUGIN/OPERATOR` lists the types. "
     "Text that came from ${...} or --set is converted, other text is not."},
    {"E0403", "an option is out of range",
     "The number is smaller or larger than the operator allows."},
    {"E0404", "an option has a value that is not allowed",
     "The option takes one of the values listed, and this is none of them."},
    {"E0405", "an option is not a duration or size",
     "Durations are written \"10s\" or \"500ms\" (see E0113), sizes \"8MB\" or \"8MiB\" (see "
     "E0114)."},
    {"E0406", "an option names an unknown field",
     "The option takes the name of a field of the operator's input, and the input has none with "
     "this name. `sage schema FILE --stage ID` prints the fields that come out of a stage."},
    {"E0407", "the operator refuses its options",
     "Each option is fine by itself, but the operator has checked them together, or against the "
     "stream that reaches it, and cannot work with them. The message is the operator's."},
};

}  // namespace

std::span<const CodeInfo> plugin_codes() { return kPlugins; }

std::span<const CodeInfo> option_codes() { return kOptions; }

}  // namespace sage

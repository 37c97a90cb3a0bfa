// sage-plugin-scan FILE: loads one plugin, asks for its description and prints it as JSON on the
// standard output, or why it cannot. A process of its own, since the plugin's code may do anything.

#include "plugin/descriptor.hpp"
#include "plugin/library.hpp"
#include "plugin/metadata.hpp"

#include <csignal>
#include <fcntl.h>
#include <string>
#include <sys/prctl.h>
#include <unistd.h>

namespace {

sage::Result<sage::schema::PluginInfo> describe(const char* file) {
  SAGE_TRY(const sage_plugin* plugin, sage::plugin::load_library(file));
  auto info = sage::plugin::describe_plugin(plugin);
  // Where it crashes or hangs, it does so here. What it answers may depend on the moment, and is
  // asked for again where the plugin is used.
  if (info)
    static_cast<void>(sage::plugin::begin(plugin));
  return info;
}

bool write_all(int fd, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n <= 0) {
      return false;
    }
    done += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    return 2;
  }
  // Whoever asked may be ended while the plugin hangs; nobody else would end this then.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // What the plugin prints must not get into the answer.
  const int answer = ::fcntl(1, F_DUPFD_CLOEXEC, 3);
  if (answer < 0 || ::dup2(2, 1) < 0) {
    return 74;
  }
  sage::plugin::Verdict verdict;
  sage::Result<sage::schema::PluginInfo> info = describe(argv[1]);
  if (info) {
    verdict.plugin = std::move(*info);
  } else {
    verdict.code = info.error().code;
    verdict.reason = info.error().message;
  }
  const bool written = write_all(answer, sage::plugin::verdict_text(verdict) + "\n");
  // Without destructors: the plugin's might crash, and nothing of it is needed any more.
  ::_exit(written ? 0 : 74);
}

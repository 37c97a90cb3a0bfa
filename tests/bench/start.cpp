// P17: from exec to the first record at a sink, as a reader of `sage run` sees it. The plugins are
// in the cache, as they are for every run but the first.
#include "goal.hpp"

#include <cstdio>
#include <fstream>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace sage::bench {
namespace {

// Seconds until the program has written its first byte, or ended.
double first_byte(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  int ends[2];
  if (::pipe(ends) != 0)
    wrong("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  pid_t child = 0;
  double took = 0;
  took = seconds([&] {
    if (posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ) != 0)
      wrong("cannot start " + words[0]);
    ::close(ends[1]);
    char byte = 0;
    while (::read(ends[0], &byte, 1) < 0 && errno == EINTR) {
    }
  });
  char rest[4096];
  while (::read(ends[0], rest, sizeof rest) > 0) {
  }
  ::close(ends[0]);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0)
    wrong(words[0] + " failed");
  return took;
}

}  // namespace

std::vector<Goal> start_goals(const Setup& setup) {
  const std::string file = setup.folder + "/first.toml";
  std::ofstream(file) << "sage = 1\n[pipeline]\nname = 'first'\n[[stage]]\nid = 'lines'\n"
                         "use = 'io/file'\nwith = { path = '/usr/share/common-licenses/GPL-3' }\n"
                         "[[stage]]\nid = 'words'\nuse = 'text/split'\n"
                         "[[stage]]\nid = 'out'\nuse = 'io/console'\n";
  const std::vector<std::string> sage = {SAGE_BUILD_DIR "/bin/sage", "run", "-q", file};
  first_byte(sage);  // fills the cache
  return {
      {"P17", "exec to first record at a sink", "beside /bin/true", "ms", 40, false, false, [sage] {
         const double bare = first_byte({"/bin/true"});
         const double own = first_byte(sage);
         return Sample{own * 1000, 1 / own, 1 / bare};
       }}};
}

}  // namespace sage::bench

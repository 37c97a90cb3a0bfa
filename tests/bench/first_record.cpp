// P17: from exec to the first record at a sink, as a reader of `sage run` with io/console sees it.
// The plugins are in the cache, as they are for every run but the first.
#include "bench.hpp"
#include "measure.hpp"

#include <cerrno>
#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace sage::bench {

namespace {

// Starts a program; the time until the first byte of its output, or the end of it. Its status must
// be 0.
double first_byte(const std::vector<std::string>& command, std::vector<std::string> environment) {
  std::vector<char*> arguments;
  std::vector<char*> variables;
  for (const std::string& word : command)
    arguments.push_back(const_cast<char*>(word.c_str()));
  for (std::string& variable : environment)
    variables.push_back(variable.data());
  arguments.push_back(nullptr);
  variables.push_back(nullptr);
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  pid_t child = -1;
  int started = 0;
  char buffer[4096];
  const double took = seconds([&] {
    started =
        posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), variables.data());
    close(ends[1]);
    (void)!read(ends[0], buffer, 1);
  });
  posix_spawn_file_actions_destroy(&actions);
  while (started == 0 && read(ends[0], buffer, sizeof buffer) > 0) {
  }
  close(ends[0]);
  int status = -1;
  if (started != 0 || waitpid(child, &status, 0) != child || status != 0)
    throw std::runtime_error(command[0] + " failed");
  return took;
}

}  // namespace

void first_record(Bench& bench) {
  bench.folder.put("first.toml",
                   pipeline(stage("lines", "io/file", "path = '/usr/share/common-licenses/GPL-3'") +
                            stage("words", "text/split") + stage("out", "io/console")));
  const std::vector<std::string> environment{"XDG_CACHE_HOME=" + bench.folder / "first"};
  const std::vector<std::string> sage{SAGE_BENCH_COMMAND, "run", "-q", bench.folder / "first.toml"};
  std::vector<double> first_ms;
  std::vector<double> bare;
  std::vector<double> bare_ms;
  for (int round = 0; round <= 3 * bench.rounds; ++round) {  // the first one fills the cache
    const double a = first_byte({"/bin/true"}, {});
    const double b = first_byte(sage, environment);
    if (round == 0)
      continue;
    bare.push_back(a);
    bare_ms.push_back(1000 * a);
    first_ms.push_back(1000 * b);
  }
  char yardstick[64];
  std::snprintf(yardstick, sizeof yardstick, "/bin/true: %.1f ms", median(bare_ms));
  bench.rows.push_back({
      .goal = "P17",
      .what = "exec to the first record at a sink, local",
      .yardstick = yardstick,
      .unit = "ms",
      .values = first_ms,
      .at_least = false,
      .bound = 40,
  });
}

}  // namespace sage::bench

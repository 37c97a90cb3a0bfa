#include "cli.hpp"

#include <csignal>

int main(int argc, char** argv) {
  std::signal(SIGCHLD, SIG_DFL);  // where it is ignored, as parents may leave it, nobody can wait
  return sage::cli::main(argc, argv);
}

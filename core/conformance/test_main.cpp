// sage-plugin-test LIBRARY CHECK OPERATOR [OP.KEY=VALUE...]: puts one operator to one check
// and reports on the standard output. A process of its own, since the plugin's code may do
// anything.

#include "conformance/execute.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <malloc.h>

namespace {

// What fresh and freed memory is filled with, so that nobody can rely on finding zeroes or old
// values there.
constexpr int kGarbage = 0xa5;

void limit(int resource, rlim_t most) {
  const rlimit wanted = {most, most};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &wanted);
}

// A plugin that asks for all the memory there is must not get it; the sanitizers' maps are huge.
void set_limits() {
  limit(RLIMIT_CORE, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  limit(RLIMIT_AS, rlim_t{8} << 30);
#endif
}

// Without its caches of freed blocks, malloc says exactly what is in use. They can only be turned
// off before a program starts.
void turn_off_malloc_caches(char** argv) {
  constexpr const char* kTunables = "GLIBC_TUNABLES";
  constexpr const char* kNoCaches = "glibc.malloc.tcache_count=0";
  const char* set = std::getenv(kTunables);
  if (set == nullptr || std::string_view(set) != kNoCaches) {
    ::setenv(kTunables, kNoCaches, 1);
    ::execv(argv[0], argv);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    return 2;
  }
  // Whoever asked may be ended while the plugin hangs; nobody else would end this then.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  turn_off_malloc_caches(argv);
  set_limits();
  ::mallopt(M_PERTURB, kGarbage);
  // What the plugin prints must not get into the report.
  const int answer = ::fcntl(1, F_DUPFD_CLOEXEC, 3);
  if (answer < 0 || ::dup2(2, 1) < 0) {
    return 74;
  }
  const sage::conformance::Report report(answer);
  const auto outcome =
      sage::conformance::execute({argv[1], argv[3], argv[2], {argv + 4, argv + argc}}, report);
  const bool told = report.end(outcome);
  // Without destructors: the plugin's might crash, and that is no matter of this check.
  ::_exit(told ? 0 : 74);
}

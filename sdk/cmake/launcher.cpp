// NAME: hands libNAME.so, which lies beside this program, to `sage run`, or to `sage job submit`
// with
// --cluster or where the program is configured as distributed. `sage` is looked for in SAGE_BIN,
// then in PATH.
#include <sage/ext/pipeline.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace {

constexpr int kExitMissing = 4;
constexpr int kExitIo = 74;

// The library beside this program; empty: its path cannot be told.
std::string find_library() {
  std::array<char, PATH_MAX> path{};
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0 || static_cast<std::size_t>(length) == path.size()) {
    return "";
  }
  const std::string program(path.data(), static_cast<std::size_t>(length));
  const std::size_t name = program.rfind('/') + 1;
  return program.substr(0, name) + "lib" + program.substr(name) + ".so";
}

// False also where it cannot be told: `sage` says what is wrong with the library.
bool is_distributed(const std::string& library) {
  const sage_host host = {sizeof host, SAGE_ABI_VERSION, "launcher", "1.0.0", nullptr};
  void* const handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    return false;
  }
  const auto main_fn = reinterpret_cast<sage_plugin_main_fn>(::dlsym(handle, SAGE_PLUGIN_MAIN));
  const sage_plugin* const plugin = main_fn == nullptr ? nullptr : main_fn(&host);
  if (plugin == nullptr || plugin->get_factory == nullptr) {
    return false;
  }
  const auto* pipeline =
      static_cast<const sage_pipeline*>(plugin->get_factory(SAGE_FACTORY_PIPELINE));
  return pipeline != nullptr && (pipeline->flags & SAGE_PIPELINE_DISTRIBUTED) != 0;
}

bool names_cluster(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]).starts_with("--cluster")) {
      return true;
    }
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  std::string library = find_library();
  if (library.empty()) {
    std::fprintf(stderr, "%s: cannot tell where this program lies\n", argv[0]);
    return kExitIo;
  }
  const char* const named = std::getenv("SAGE_BIN");
  std::string sage = named != nullptr ? named : "sage";
  std::vector<std::string> words{sage, "run"};
  if (names_cluster(argc, argv) || is_distributed(library)) {
    words = {sage, "job", "submit"};
  }
  words.push_back(library);
  std::vector<char*> args;
  for (std::string& word : words) {
    args.push_back(word.data());
  }
  args.insert(args.end(), argv + 1, argv + argc);
  args.push_back(nullptr);
  ::execvp(sage.c_str(), args.data());
  std::fprintf(stderr,
               "%s: `%s` cannot be run: %s\n"
               "  = help: put its folder on PATH, or name it with SAGE_BIN\n",
               argv[0], sage.c_str(), std::strerror(errno));
  return kExitMissing;
}

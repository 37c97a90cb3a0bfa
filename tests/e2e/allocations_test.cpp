// The hot path allocates per batch at most, never per record.
#include "engine.hpp"
#include "folder.hpp"

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <catch2/catch.hpp>

namespace {

std::atomic<std::uint64_t> allocations{0};  // NOLINT: counted by malloc

void count() { allocations.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

// glibc's own, under the names that it keeps for this.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t n, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

// Of the engine, of every plugin and of the libraries they use; operator new comes here, too.
void* malloc(std::size_t size) {
  count();
  return __libc_malloc(size);
}
void* calloc(std::size_t n, std::size_t size) {
  count();
  return __libc_calloc(n, size);
}
void* realloc(void* memory, std::size_t size) {
  count();
  return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  count();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  count();
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
}

namespace sage::test {
namespace {

std::string wordcount(const std::string& file) {
  return "sage = 1\n[pipeline]\nname = 'wordcount'\n"
         "[[stage]]\nid = 'lines'\nuse = 'io/file'\nwith = { path = '" +
         file +
         "' }\n"
         "[[stage]]\nid = 'words'\nuse = 'text/split'\n"
         "[[stage]]\nid = 'count'\nuse = 'agg/count'\nkey_by = 'word'\nparallelism = 2\n"
         "[[stage]]\nid = 'out'\nuse = 'io/null'\n";
}

std::uint64_t allocations_of(Engine& engine, const std::string& file) {
  const std::uint64_t before = allocations.load();
  engine.run(wordcount(file));
  return allocations.load() - before;
}

}  // namespace

TEST_CASE("allocations do not grow with the records from io/file to agg/count") {
  const Folder temp;
  constexpr std::uint64_t kLines = 200'000;
  constexpr std::uint64_t kWordsOfLine = 8;
  std::string text;
  for (std::uint64_t i = 0; i < kLines; ++i) {
    text += "the quick brown fox jumps over line " + std::to_string(i % 1000) + '\n';
  }
  temp.put("once", text);
  temp.put("twice", text + text);
  Engine engine(temp / "cache");
  (void)allocations_of(engine, temp / "once");  // loads the plugins
  const std::uint64_t once = allocations_of(engine, temp / "once");
  const std::uint64_t twice = allocations_of(engine, temp / "twice");
  const std::uint64_t records = kLines * (1 + kWordsOfLine);
  INFO(once << " allocations for " << records << " records, " << twice << " for twice as many");
  CHECK(once > 100);  // they are counted
  CHECK(twice - once < records / 2000);
}

}  // namespace sage::test

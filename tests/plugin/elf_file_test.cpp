#include "plugin/elf_file.hpp"

#include "folders.hpp"
#include "plugin/codes.hpp"
#include "plugin/note.hpp"

#include <cstring>
#include <memory>
#include <random>

#include <catch2/catch.hpp>
#include <elf.h>

namespace sage::plugin {
namespace {

std::string toy(const std::string& name) {
  return contents(std::string(SAGE_BUILD_DIR) + "/tests/toys/" + name + ".so");
}

// The verdict on bytes at the very end of an allocation, so that a sanitizer sees any overrun.
std::string code_of(std::string_view bytes) {
  const auto copy = std::make_unique<std::uint8_t[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.get());
  const auto note = read_note({copy.get(), bytes.size()});
  return note ? "" : note.error().code;
}

}  // namespace

TEST_CASE("a note is read without running code", "[plugin]") {
  const std::string bytes = toy("aborts");
  const auto note = read_note({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  REQUIRE(note);
  CHECK(note->id == "toy");
  CHECK(note->version == "1.0.0");
  CHECK(note->abi_built == SAGE_ABI_VERSION);
}

TEST_CASE("a file cut off anywhere is refused", "[plugin]") {
  const std::string whole = toy("ok");
  REQUIRE(code_of(whole).empty());
  for (std::size_t size = 0; size < whole.size(); size += size < 2048 ? 1 : 61) {
    CAPTURE(size);
    REQUIRE(code_of(std::string_view(whole).substr(0, size)) == (size < 4 ? kNotElf : kDamaged));
  }
  for (std::size_t size = 1024; size < whole.size(); size += 1024) {
    REQUIRE(code_of(std::string_view(whole).substr(0, size)) == kDamaged);
  }
  CHECK(code_of(std::string_view(whole).substr(0, whole.size() - 1)) == kDamaged);
}

TEST_CASE("a file with any byte changed does no harm", "[plugin]") {
  const std::string whole = toy("ok");
  const std::uint32_t seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  Elf64_Ehdr header{};
  std::memcpy(&header, whole.data(), sizeof header);
  for (int round = 0; round < 4000; ++round) {
    std::string bytes = whole;
    // The headers, the section table, anywhere.
    const std::size_t from = round % 3 == 1 ? header.e_shoff : 0;
    const std::size_t span = round % 3 == 0 ? 1024 : bytes.size() - from;
    for (int i = 0; i < 1 + round % 4; ++i) {
      static constexpr char kBytes[] = {'\0', '\1', '\x7f', '\x80', '\xff'};
      bytes[from + random() % span] = kBytes[random() % sizeof kBytes];
    }
    code_of(bytes);  // any verdict
  }
}

TEST_CASE("files that are no plugins are told apart", "[plugin]") {
  CHECK(code_of("") == kNotElf);
  CHECK(code_of("#!/bin/sh\n") == kNotElf);
  CHECK(code_of("INPUT(libother.so)") == kNotElf);
  CHECK(code_of(toy("no_note")) == kNoNote);
  CHECK(code_of(toy("no_entry")) == kNoEntry);
  CHECK(code_of(toy("wrong_major")) == kOtherMajor);
  CHECK(code_of(toy("needs_newer")) == kNeedsNewer);
  CHECK(code_of(toy("two_exports")) == kManyExports);
  CHECK(code_of(toy("unique")) == kUniqueSymbols);
  CHECK(code_of(contents(std::string(SAGE_BUILD_DIR) + "/libexec/sage/sage-plugin-scan")) ==
        kExecutable);
  std::string other_machine = toy("ok");
  other_machine[offsetof(Elf64_Ehdr, e_machine)] = EM_PPC64;
  CHECK(code_of(other_machine) == kOtherMachine);
  std::string small_words = toy("ok");
  small_words[EI_CLASS] = ELFCLASS32;
  CHECK(code_of(small_words) == kOtherMachine);
}

}  // namespace sage::plugin

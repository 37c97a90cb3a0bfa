#pragma once
// A 64-bit little-endian ELF shared library in memory: sections by name and the symbols it exports.
// Every offset is checked, as the bytes may be hostile. Borrows the bytes. Pure. [any]

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sage::plugin {

struct ExportedSymbol {
  std::string_view name;
  bool is_function = false;
  bool is_unique = false;  // GNU_UNIQUE: one for the whole process, whoever defines it
};

// Whether the first bytes of a file are those of ELF.
bool has_elf_magic(std::span<const std::uint8_t> head);
inline constexpr std::size_t kElfMagicBytes = 4;

class ElfFile {
 public:
  // Refuses what is not a whole shared library for this machine.
  static Result<ElfFile> open(std::span<const std::uint8_t> file);

  // Empty where there is no such section.
  std::span<const std::uint8_t> section(std::string_view name) const;
  Result<std::vector<ExportedSymbol>> exports() const;

 private:
  struct Section {
    std::string_view name;
    std::uint32_t type = 0;
    std::uint32_t link = 0;
    std::span<const std::uint8_t> bytes;
  };
  Status check_header();
  Status read_sections();
  Status check_segments() const;
  bool is_executable() const;

  std::span<const std::uint8_t> file_;
  std::vector<Section> sections_;
};

}  // namespace sage::plugin

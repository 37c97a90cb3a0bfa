#include "plugin/elf_file.hpp"

#include "plugin/codes.hpp"

#include <cstring>
#include <optional>
#include <string>

#include <elf.h>

namespace sage::plugin {
namespace {

#if defined(__x86_64__)
constexpr std::uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t kMachine = EM_AARCH64;
#else
#error "plugin files of this machine are not known here"
#endif

constexpr std::uint32_t kSectionsMax = 4096;
constexpr std::uint32_t kSymbolsMax = 1u << 20;

using Bytes = std::span<const std::uint8_t>;

Error damaged(const char* what) {
  return refuse(kDamaged, std::string("truncated or damaged: ") + what + " lies outside the file");
}

std::optional<Bytes> part(Bytes all, std::uint64_t offset, std::uint64_t size) {
  if (offset > all.size() || size > all.size() - offset) {
    return std::nullopt;
  }
  return all.subspan(offset, size);
}

// A copy of the struct at `offset`: files need not be aligned.
template <class T>
std::optional<T> read(Bytes all, std::uint64_t offset) {
  const auto bytes = part(all, offset, sizeof(T));
  if (!bytes) {
    return std::nullopt;
  }
  T value{};
  std::memcpy(&value, bytes->data(), sizeof value);
  return value;
}

// The text at `offset` of a string table; nothing where its end is missing.
std::optional<std::string_view> text_at(Bytes table, std::uint64_t offset) {
  if (offset >= table.size()) {
    return std::nullopt;
  }
  const auto* begin = reinterpret_cast<const char*>(table.data()) + offset;
  const void* end = std::memchr(begin, 0, table.size() - offset);
  if (end == nullptr) {
    return std::nullopt;
  }
  return std::string_view(begin, static_cast<std::size_t>(static_cast<const char*>(end) - begin));
}

// Symbols that linkers add by themselves.
bool is_linkers_own(std::string_view name) {
  return name == "_init" || name == "_fini" || name == "_edata" || name == "_end" ||
         name == "__bss_start";
}

bool is_exported(const Elf64_Sym& symbol) {
  const auto bind = ELF64_ST_BIND(symbol.st_info);
  const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return (bind == STB_GLOBAL || bind == STB_WEAK || bind == STB_GNU_UNIQUE) &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED) &&
         symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS;  // ABS: names of versions
}

}  // namespace

bool has_elf_magic(std::span<const std::uint8_t> head) {
  static_assert(kElfMagicBytes == SELFMAG);
  return head.size() >= SELFMAG && std::memcmp(head.data(), ELFMAG, SELFMAG) == 0;
}

Result<ElfFile> ElfFile::open(Bytes file) {
  ElfFile elf;
  elf.file_ = file;
  SAGE_CHECK(elf.check_header());
  SAGE_CHECK(elf.check_segments());
  SAGE_CHECK(elf.read_sections());
  if (elf.is_executable()) {
    return refuse(kExecutable, "is an executable, not a shared library");
  }
  return elf;
}

Status ElfFile::check_header() {
  if (!has_elf_magic(file_)) {
    return refuse(kNotElf, "is not an ELF file, as shared libraries are");
  }
  const auto header = read<Elf64_Ehdr>(file_, 0);
  if (!header) {
    return damaged("the header");
  }
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
      header->e_machine != kMachine) {
    return refuse(kOtherMachine, "is built for another machine");
  }
  if (header->e_type == ET_EXEC) {
    return refuse(kExecutable, "is an executable, not a shared library");
  }
  if (header->e_type == ET_REL) {
    return refuse(kNotElf, "is an object file, not a shared library: link it");
  }
  if (header->e_type != ET_DYN) {
    return refuse(kNotElf, "is not an ELF file, as shared libraries are");
  }
  return Ok{};
}

Status ElfFile::check_segments() const {
  const auto header = read<Elf64_Ehdr>(file_, 0);
  if (header->e_phentsize != sizeof(Elf64_Phdr)) {
    return damaged("the program header table");
  }
  for (std::uint32_t i = 0; i < header->e_phnum; ++i) {
    const std::uint64_t offset = std::uint64_t{i} * sizeof(Elf64_Phdr);
    const auto segment = header->e_phoff > file_.size()
                             ? std::nullopt
                             : read<Elf64_Phdr>(file_, header->e_phoff + offset);
    if (!segment) {
      return damaged("the program header table");
    }
    if (segment->p_type == PT_LOAD && !part(file_, segment->p_offset, segment->p_filesz)) {
      return damaged("a segment");
    }
  }
  return Ok{};
}

Status ElfFile::read_sections() {
  const auto header = read<Elf64_Ehdr>(file_, 0);
  if (header->e_shoff == 0) {
    return Ok{};  // no section table: no note either
  }
  const auto table =
      part(file_, header->e_shoff, std::uint64_t{header->e_shnum} * sizeof(Elf64_Shdr));
  if (!table || header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shnum > kSectionsMax) {
    return damaged("the section table");
  }
  std::vector<std::uint32_t> names;
  for (std::uint32_t i = 0; i < header->e_shnum; ++i) {
    const auto section = *read<Elf64_Shdr>(*table, i * sizeof(Elf64_Shdr));
    const bool has_bytes = section.sh_type != SHT_NOBITS && section.sh_type != SHT_NULL;
    const auto bytes = has_bytes ? part(file_, section.sh_offset, section.sh_size) : Bytes();
    if (!bytes) {
      return damaged("a section");
    }
    sections_.push_back({"", section.sh_type, section.sh_link, *bytes});
    names.push_back(section.sh_name);
  }
  if (header->e_shstrndx >= sections_.size()) {
    return damaged("the table of section names");
  }
  const Bytes texts = sections_[header->e_shstrndx].bytes;
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    sections_[i].name = text_at(texts, names[i]).value_or("");
  }
  return Ok{};
}

// Position-independent executables are marked in the dynamic section.
bool ElfFile::is_executable() const {
  for (const Section& section : sections_) {
    if (section.type != SHT_DYNAMIC) {
      continue;
    }
    for (std::uint64_t at = 0; at < section.bytes.size(); at += sizeof(Elf64_Dyn)) {
      const auto entry = read<Elf64_Dyn>(section.bytes, at);
      if (entry && entry->d_tag == DT_FLAGS_1 && (entry->d_un.d_val & DF_1_PIE) != 0) {
        return true;
      }
    }
  }
  return false;
}

std::span<const std::uint8_t> ElfFile::section(std::string_view name) const {
  for (const Section& section : sections_) {
    if (section.name == name) {
      return section.bytes;
    }
  }
  return {};
}

Result<std::vector<ExportedSymbol>> ElfFile::exports() const {
  std::vector<ExportedSymbol> all;
  for (const Section& section : sections_) {
    if (section.type != SHT_DYNSYM) {
      continue;
    }
    if (section.link >= sections_.size() ||
        section.bytes.size() / sizeof(Elf64_Sym) > kSymbolsMax) {
      return damaged("the table of exported names");
    }
    const Bytes texts = sections_[section.link].bytes;
    for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= section.bytes.size();
         at += sizeof(Elf64_Sym)) {
      const auto symbol = *read<Elf64_Sym>(section.bytes, at);
      if (!is_exported(symbol)) {
        continue;
      }
      const auto name = text_at(texts, symbol.st_name);
      if (!name) {
        return damaged("an exported name");
      }
      if (!is_linkers_own(*name)) {
        all.push_back({*name, ELF64_ST_TYPE(symbol.st_info) == STT_FUNC,
                       ELF64_ST_BIND(symbol.st_info) == STB_GNU_UNIQUE});
      }
    }
  }
  return all;
}

}  // namespace sage::plugin

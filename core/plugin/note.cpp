#include "plugin/note.hpp"

#include "plugin/codes.hpp"
#include "plugin/descriptor.hpp"
#include "plugin/elf_file.hpp"
#include "plugin/version.hpp"

#include <sage/note.h>

#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace sage::plugin {
namespace {

constexpr std::string_view kEntryPrefix = "sage_plugin_main_v";  // of every major version
constexpr std::size_t kNoteHead = offsetof(sage_note, abi_built);

// The text in a field of fixed size; nothing where no NUL ends it.
template <std::size_t kSize>
std::optional<std::string> field(const char (&bytes)[kSize]) {
  const void* end = std::memchr(bytes, 0, kSize);
  if (end == nullptr) {
    return std::nullopt;
  }
  return std::string(static_cast<const char*>(bytes));
}

Result<sage_note> find_note(const ElfFile& elf) {
  const auto bytes = elf.section(SAGE_NOTE_SECTION);
  if (bytes.empty()) {
    return refuse(kNoNote, "has no note of a plugin, so it is none");
  }
  sage_note note{};
  if (bytes.size() < sizeof note) {
    return refuse(kDamaged, "truncated or damaged: its note is too short");
  }
  std::memcpy(&note, bytes.data(), sizeof note);
  if (note.name_size != 5 || note.type != SAGE_NOTE_TYPE ||
      std::memcmp(static_cast<const char*>(note.name), "SAGE", 5) != 0 ||
      note.desc_size < sizeof note - kNoteHead || note.desc_size > bytes.size() - kNoteHead) {
    return refuse(kDamaged, "truncated or damaged: its note is not of the known form");
  }
  return note;
}

Status check_abi(const Note& note) {
  if (note.abi_built >> 16 != SAGE_ABI_VERSION >> 16 ||
      note.abi_min >> 16 != SAGE_ABI_VERSION >> 16) {
    const bool is_built = note.abi_built >> 16 != SAGE_ABI_VERSION >> 16;
    return refuse(kOtherMajor, (is_built ? "is built for version " + abi_text(note.abi_built)
                                         : "works from version " + abi_text(note.abi_min) + " on") +
                                   " of the plugin interface; this engine has " +
                                   abi_text(SAGE_ABI_VERSION));
  }
  if (note.abi_min > SAGE_ABI_VERSION) {
    return refuse(kNeedsNewer, "needs an engine with version " + abi_text(note.abi_min) +
                                   " of the plugin interface; this one has " +
                                   abi_text(SAGE_ABI_VERSION));
  }
  return Ok{};
}

constexpr std::string_view kRemedy =
    "link it with the version script plugin.map of the SDK, as sage_add_plugin does";

Status check_exports(const std::vector<ExportedSymbol>& exports) {
  bool has_entry = false;
  std::string others;
  for (const ExportedSymbol& symbol : exports) {
    if (symbol.is_unique) {
      return refuse(kUniqueSymbols, "defines `" + std::string(symbol.name) +
                                        "` once for the whole process (GNU_UNIQUE); " +
                                        std::string(kRemedy));
    }
    has_entry = has_entry || (symbol.name == SAGE_PLUGIN_MAIN && symbol.is_function);
    if (!symbol.name.starts_with(kEntryPrefix) && others.size() < 200) {
      others += (others.empty() ? "`" : ", `") + std::string(symbol.name) + "`";
    }
  }
  if (!has_entry) {
    return refuse(kNoEntry, "does not export " SAGE_PLUGIN_MAIN);
  }
  if (!others.empty()) {
    return refuse(kManyExports, "exports more than " SAGE_PLUGIN_MAIN ": " + others + "; " +
                                    std::string(kRemedy));
  }
  return Ok{};
}

}  // namespace

std::string abi_text(std::uint32_t abi) {
  return std::to_string(abi >> 16) + "." + std::to_string(abi & 0xffff);
}

Result<Note> read_note(std::span<const std::uint8_t> file) {
  SAGE_TRY(const ElfFile elf, ElfFile::open(file));
  SAGE_TRY(const sage_note raw, find_note(elf));
  Note note{raw.abi_built, raw.abi_min, field(raw.id).value_or(""),
            field(raw.version).value_or("")};
  SAGE_CHECK(check_abi(note));
  if (!is_legal_id(note.id)) {
    return refuse(kBadDescriptor, "its note has an illegal id: a-z, 0-9, _ and - are allowed");
  }
  if (!is_version(note.version)) {
    return refuse(kBadDescriptor, "its note has an illegal version: \"1.2.0\" is one");
  }
  SAGE_TRY(const std::vector<ExportedSymbol> exports, elf.exports());
  SAGE_CHECK(check_exports(exports));
  return note;
}

}  // namespace sage::plugin

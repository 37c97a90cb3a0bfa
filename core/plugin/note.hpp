#pragma once
// What a plugin file says about itself without any of its code running: its ELF header, the note in
// .note.sage, and the names it exports. Works on bytes in memory, which may be hostile. Pure. [any]

#include "base/result.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace sage::plugin {

struct Note {
  std::uint32_t abi_built = 0;
  std::uint32_t abi_min = 0;
  std::string id;
  std::string version;
};

// "1.0"
std::string abi_text(std::uint32_t abi);

// Refuses a file that is no plugin for this engine on this machine.
Result<Note> read_note(std::span<const std::uint8_t> file);

}  // namespace sage::plugin

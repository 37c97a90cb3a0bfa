#pragma once
// A plugin's description as JSON text: what sage-plugin-scan prints and what the cache holds. Text
// from elsewhere may be anything; what is not a description gives nothing. Pure. [any]

#include "plugin/file_store.hpp"
#include "schema/catalogue.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sage::plugin {

// What is known about one version of one file: the plugin in it, or why it was refused.
struct Verdict {
  schema::PluginInfo plugin;
  std::string code;  // empty: accepted
  std::string reason;
};

std::string verdict_text(const Verdict& verdict);
std::optional<Verdict> parse_verdict(std::string_view text);

// A verdict with the file it is about.
struct CacheEntry {
  std::string path;
  FileStamp stamp;
  Verdict verdict;
};

std::string cache_text(const CacheEntry& entry);
// Nothing where the text is damaged or was written by another version of the engine.
std::optional<CacheEntry> parse_cache(std::string_view text);

}  // namespace sage::plugin

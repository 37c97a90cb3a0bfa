#include "message.hpp"

#include "library.hpp"
#include "names.hpp"

namespace sage::record {

namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

std::string clean_message(std::string_view message, SchemaView input) {
  std::string text(message);
  const std::string chunk = std::string(kChunkName + 1) + ":";
  replace_all(text, chunk + "1: ", "");
  replace_all(text, chunk, "line ");
  for (std::uint32_t i = 0; i < input.size(); ++i) {
    const std::string name(input.name(i));
    replace_all(text, "(local '" + name + "')", "(field '" + name + "')");
    replace_all(text, "(upvalue '" + name + "')", "(field '" + name + "')");
  }
  return text;
}

bool is_reserved(std::string_view name) {
  return name == "r" || name == "_ENV" || is_keyword(name) || is_library(name) || is_function(name);
}

}  // namespace sage::record

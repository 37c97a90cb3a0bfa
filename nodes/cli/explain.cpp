#include "app.hpp"
#include "base/codes.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "json_text.hpp"

#include <memory>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

constexpr std::size_t kLineWidth = 80;

std::string wrapped(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (column > 0 && column + 1 + end > kLineWidth) {
      out += '\n';
      column = 0;
    }
    out += (column > 0 ? " " : "") + std::string(text.substr(0, end));
    column += end + (column > 0 ? 1 : 0);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + "\n";
}

Error no_such_code(const std::string& given) {
  std::string word;
  for (const char c : given)
    word += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  if (word.starts_with("SAGE-"))
    word = word.substr(5);
  std::vector<std::string> codes;
  for (const CodeInfo& info : all_codes())
    codes.emplace_back(info.code);
  const std::string near = nearest(word, codes);
  return {ErrorKind::kMissing, "E0806", "there is no code `" + given + "`",
          near.empty() ? "codes look like E0107" : "did you mean `" + near + "`?"};
}

int explain(App& app, const std::string& code) {
  const CodeInfo* info = find_code(code);
  if (info == nullptr)
    return app.fail(no_such_code(code));
  const std::string name = public_code(std::string(info->code));
  switch (app.format()) {
    case Format::kText:
      app.print(app.bold(name + ": " + std::string(info->title)) + "\n\n" + wrapped(info->text));
      return kExitOk;
    case Format::kName:
      app.print(name + "\n");
      return kExitOk;
    default:
      break;
  }
  Json json = json_document();
  json["code"] = name;
  json["title"] = info->title;
  json["text"] = info->text;
  app.print(app.format() == Format::kJson ? pretty(json) : compact(json));
  return kExitOk;
}

}  // namespace

Command explain_command() {
  return {"explain",
          "AUTHOR",
          "CODE",
          "Tell what a code in a message means, and what to do.",
          "Examples\n"
          "  sage explain E0107\n"
          "  sage explain SAGE-W0101\n"
          "\n"
          "Exit codes: 0 ok, 4 there is no such code\n",
          [](Flags& flags) -> Action {
            const auto code = std::make_shared<std::string>();
            flags.argument("CODE", *code, "E0107, SAGE-E0107 or e0107");
            return [code](App& app) { return explain(app, *code); };
          }};
}

}  // namespace sage::cli

#include "templates.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

namespace sage::cli {
namespace {

namespace fs = std::filesystem;

std::string filled_in(const std::string& text, const Words& words) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = std::min(text.find('@', at), text.size());
    out.append(text, at, open - at);
    const std::size_t close = text.find('@', open + 1);
    const auto word =
        close < text.size() ? words.find(text.substr(open + 1, close - open - 1)) : words.end();
    if (word != words.end()) {
      out += word->second;
      at = close + 1;
    } else {
      out.append(text, open, 1);
      at = open + 1;
    }
  }
  return out;
}

Status add_folder(const fs::path& folder, Files& files) {
  const auto cannot_read = [](const fs::path& path, const std::error_code& failed) {
    return Error{ErrorKind::kIo, "E0704", path.string() + ": " + failed.message(),
                 "install the SDK anew"};
  };
  std::error_code failed;
  for (fs::recursive_directory_iterator it(folder, failed), end; !failed && it != end;
       it.increment(failed)) {
    if (std::error_code ignored; it->is_directory(ignored))
      continue;
    std::ifstream file(it->path(), std::ios::binary);
    if (!file)
      return cannot_read(it->path(), {errno, std::generic_category()});
    files[it->path().lexically_relative(folder).string()] = {std::istreambuf_iterator<char>(file),
                                                             {}};
  }
  if (failed)
    return cannot_read(folder, failed);
  return Ok{};
}

Error cannot_write(const fs::path& path, const std::error_code& failed) {
  return {ErrorKind::kIo, "E0705", path.string() + ": " + failed.message(),
          "choose a folder that you may write to"};
}

std::error_code write_file(const fs::path& path, const std::string& text) {
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  if (failed)
    return failed;
  errno = 0;
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  return file ? std::error_code() : std::error_code(errno, std::generic_category());
}

}  // namespace

std::vector<std::string> template_kinds(const std::string& templates, const std::string& language) {
  std::vector<std::string> kinds;
  const std::string prefix = language + "-";
  std::error_code ignored;  // a folder that is not there has none
  for (fs::directory_iterator it(templates, ignored), end; !ignored && it != end;
       it.increment(ignored)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with(prefix))
      kinds.push_back(name.substr(prefix.size()));
  }
  std::sort(kinds.begin(), kinds.end());
  return kinds;
}

Result<Files> render(const std::string& templates, const Template& chosen, Words words) {
  Files files;
  for (const std::string& part : {std::string("common"), chosen.kind, chosen.language}) {
    if (const Status added = add_folder(fs::path(templates) / part, files); !added)
      return added.error();
  }
  Files own;
  const std::string name = chosen.language + "-" + chosen.kind;
  if (const Status added = add_folder(fs::path(templates) / name, own); !added)
    return added.error();
  words["SOURCE"] = own.empty() ? "" : own.begin()->first;
  files.merge(own);
  for (auto& [path, text] : files)
    text = filled_in(text, words);
  return files;
}

std::string make_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\"\\`$").find(c) != std::string_view::npos)
      out += '\\';  // for the shell
    if (c == '$' || c == '#')
      out += c == '$' ? '$' : '\\';  // for make
    out += c;
  }
  return out;
}

Status write_project(const std::string& folder, const Files& files) {
  std::error_code failed;
  const bool is_new = fs::symlink_status(folder, failed).type() == fs::file_type::not_found;
  if (!is_new && !(fs::is_directory(folder, failed) && fs::is_empty(folder, failed)))
    return Error{ErrorKind::kConflict, "E0706", folder + " exists already",
                 "choose another name, or remove it"};
  for (const auto& [path, text] : files) {
    failed = write_file(fs::path(folder) / path, text);
    if (!failed)
      continue;
    std::error_code ignored;
    for (const auto& [made, _] : files)
      fs::remove_all(fs::path(folder) / *fs::path(made).begin(), ignored);
    if (is_new)
      fs::remove(folder, ignored);
    return cannot_write(fs::path(folder) / path, failed);
  }
  return Ok{};
}

}  // namespace sage::cli

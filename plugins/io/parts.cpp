#include "parts.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace sage::io {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "part-";
constexpr std::string_view kMagic = "sage file_sink 1";

void append_item(std::string& out, std::string_view item) {
  out += std::to_string(item.size());
  out += ':';
  out += item;
}

std::string_view take_item(std::string_view& text) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || digits == text.size() || *end != ':' ||
      size > text.size() - digits - 1) {
    throw Failure(SAGE_E_ARG, "the commit handle is damaged");
  }
  const std::string_view item = text.substr(digits + 1, size);
  text.remove_prefix(digits + 1 + size);
  return item;
}

std::uint64_t take_number(std::string_view& text) {
  const std::string_view item = take_item(text);
  std::uint64_t number = 0;
  if (std::from_chars(item.data(), item.data() + item.size(), number).ec != std::errc()) {
    throw Failure(SAGE_E_ARG, "the commit handle is damaged");
  }
  return number;
}

// Like rename(2), but an existing file is an error.
int rename_new(const std::string& from, const std::string& to) {
  const int result = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
  if (result == 0 || (errno != EINVAL && errno != ENOSYS)) {
    return result;
  }
  if (inode_of(to) != 0) {  // a file system without the flag
    errno = EEXIST;
    return -1;
  }
  return ::rename(from.c_str(), to.c_str());
}

void make_final(const Promise& promise, const std::string& staged) {
  const std::string part = promise.directory + "/" + promise.part;
  if (inode_of(staged) != promise.inode) {
    if (inode_of(part) == promise.inode) {
      return;
    }
    throw Failure(SAGE_E_IO, "cannot commit " + part + ": its staged file " + staged +
                                 " was removed or replaced");
  }
  const int result =
      promise.replace ? ::rename(staged.c_str(), part.c_str()) : rename_new(staged, part);
  if (result != 0) {
    throw io_failure("commit", part);
  }
}

}  // namespace

std::vector<std::string> list_parts(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> names;
  fs::directory_iterator at(directory, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    std::error_code ignored;
    std::string name = at->path().filename().string();
    if (!name.starts_with(kPrefix)) {
      continue;
    }
    if (fs::is_directory(at->symlink_status(ignored))) {
      if (!part_number(name)) {
        continue;  // in nobody's way
      }
      throw Failure(SAGE_E_CONFIG, directory + "/" + name +
                                       " is a directory, where files of that name are to be: "
                                       "remove it, or choose another directory");
    }
    names.push_back(std::move(name));
  }
  if (error) {
    throw io_failure("list", directory, error.value());
  }
  std::ranges::sort(names);
  return names;
}

std::optional<std::uint64_t> part_number(std::string_view name) {
  if (!name.starts_with(kPrefix)) {
    return std::nullopt;
  }
  name.remove_prefix(kPrefix.size());
  const std::string_view digits = name.substr(0, name.find_first_not_of("0123456789"));
  constexpr std::size_t kDigitsMax = 18;
  if (digits.empty() || digits.size() > kDigitsMax) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::uint64_t next_part_number(const std::vector<std::string>& existing, std::uint32_t instance,
                               std::uint32_t parallelism) {
  std::uint64_t first = 0;
  for (const std::string& name : existing) {
    if (const auto number = part_number(name); number) {
      first = std::max(first, *number + 1);
    }
  }
  return first + (parallelism - first % parallelism + instance) % parallelism;
}

std::string part_name(std::uint64_t number, std::string_view extension) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%05llu.", static_cast<unsigned long long>(number));
  return std::string(kPrefix) + digits + std::string(extension);
}

std::string Promise::encode() const {
  std::string text;
  append_item(text, kMagic);
  append_item(text, directory);
  append_item(text, std::to_string(instance));
  append_item(text, std::to_string(inode));
  append_item(text, part);
  append_item(text, replace ? "1" : "0");
  for (const std::string& name : old) {
    append_item(text, name);
  }
  return text;
}

Promise Promise::decode(std::string_view text) {
  if (take_item(text) != kMagic) {
    throw Failure(SAGE_E_ARG, "the commit handle is of another kind");
  }
  Promise promise;
  promise.directory = take_item(text);
  promise.instance = static_cast<std::uint32_t>(take_number(text));
  promise.inode = take_number(text);
  promise.part = take_item(text);
  promise.replace = take_number(text) != 0;
  while (!text.empty()) {
    promise.old.emplace_back(take_item(text));
  }
  return promise;
}

void commit(const Promise& promise) {
  const std::string staged = staged_path(promise.directory, promise.instance);
  if (!promise.part.empty()) {
    make_final(promise, staged);
  } else if (inode_of(staged) == promise.inode) {
    ::unlink(staged.c_str());
  }
  for (const std::string& name : promise.old) {
    const std::string path = promise.directory + "/" + name;
    if (name != promise.part && ::unlink(path.c_str()) != 0 && errno != ENOENT) {
      throw io_failure("remove", path);
    }
  }
  remove_staged_directory(promise.directory);
  sync_directory(promise.directory);
}

}  // namespace sage::io

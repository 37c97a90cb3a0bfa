#include "base/text.hpp"
#include "command.hpp"

#include <algorithm>
#include <charconv>

#include <CLI/CLI.hpp>

namespace sage::cli {
namespace {

// "-P,--parallelism" and "stage=N" -> "-P, --parallelism stage=N"
std::string shown(const std::string& names, const std::string& value) {
  std::string out = names;
  if (const std::size_t comma = out.find(','); comma != std::string::npos)
    out.insert(comma + 1, " ");
  return value.empty() ? out : out + " " + value;
}

[[noreturn]] void refuse(const std::string& names, const std::string& wanted,
                         const std::string& given) {
  const std::string name = names.substr(names.rfind(',') + 1);
  throw CLI::ValidationError("`" + name + "` takes " + wanted + ", not `" + given + "`",
                             CLI::ExitCodes::ValidationError);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words)
    out += (out.empty() ? "" : "|") + word;
  return out;
}

std::function<void(const std::string&)> take_one_of(const std::string& names,
                                                    std::vector<std::string> allowed,
                                                    std::string& to) {
  return [names, allowed = std::move(allowed), &to](const std::string& given) {
    if (std::find(allowed.begin(), allowed.end(), given) == allowed.end())
      refuse(names, "one of " + joined(allowed), given);
    to = given;
  };
}

}  // namespace

void Flags::flag(const std::string& names, bool& to, const std::string& help) {
  parser_.add_flag(names, to);
  flags_.push_back({shown(names, ""), help});
}

void Flags::count(const std::string& names, int& to, const std::string& help) {
  parser_.add_flag_function(names, [&to](std::int64_t n) { to = static_cast<int>(n); });
  flags_.push_back({shown(names, ""), help});
}

void Flags::text(const std::string& names, const std::string& value, std::string& to,
                 const std::string& help) {
  parser_.add_option(names, to)->take_last();
  flags_.push_back({shown(names, value), help});
}

void Flags::texts(const std::string& names, const std::string& value, std::vector<std::string>& to,
                  const std::string& help) {
  parser_.add_option(names, to)->allow_extra_args(false)->take_all();
  flags_.push_back({shown(names, value), help});
}

void Flags::choice(const std::string& names, std::vector<std::string> allowed, std::string& to,
                   const std::string& help) {
  const std::string values = joined(allowed);
  parser_.add_option_function<std::string>(names, take_one_of(names, std::move(allowed), to))
      ->take_last();
  flags_.push_back({shown(names, values), help});
}

void Flags::number(const std::string& names, Range range, std::optional<std::uint64_t>& to,
                   const std::string& help) {
  const auto take = [names, range, &to](const std::string& given) {
    std::uint64_t n = 0;
    const char* end = given.data() + given.size();
    const auto read = std::from_chars(given.data(), end, n);
    if (read.ec != std::errc() || read.ptr != end)
      refuse(names, "a whole number", given);
    if (n < range.low || n > range.high) {
      refuse(names, "a number from " + with_commas(range.low) + " to " + with_commas(range.high),
             given);
    }
    to = n;
  };
  parser_.add_option_function<std::string>(names, take)->take_last();
  flags_.push_back({shown(names, "N"), help});
}

void Flags::duration(const std::string& names, std::optional<std::int64_t>& to_ns,
                     const std::string& help) {
  const auto take = [names, &to_ns](const std::string& given) {
    const Result<std::int64_t> ns = parse_duration(given);
    if (!ns)
      refuse(names, "a duration such as 10s or 1m30s", given);
    to_ns = *ns;
  };
  parser_.add_option_function<std::string>(names, take)->take_last();
  flags_.push_back({shown(names, "DURATION"), help});
}

void Flags::argument(const std::string& name, std::string& to, const std::string& help) {
  parser_.add_option(name, to)->required();
  arguments_.push_back({name, help});
}

void Flags::optional_choice(const std::string& name, std::vector<std::string> allowed,
                            std::string& to, const std::string& help) {
  parser_.add_option_function<std::string>(name, take_one_of(name, std::move(allowed), to));
  arguments_.push_back({name, help});
}

void Flags::arguments(const std::string& name, std::vector<std::string>& to,
                      const std::string& help) {
  parser_.add_option(name, to)->required();
  arguments_.push_back({name + "...", help});
}

}  // namespace sage::cli

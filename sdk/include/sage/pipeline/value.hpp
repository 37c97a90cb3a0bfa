// Values of a pipeline file, as TOML text; and the options of stages. Values.
#pragma once

#include <algorithm>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sage {

// The option of an operator: a text, number, bool, list of those, or table. {"a", "b"} is a list.
// "${NAME}" in a text is what the environment says, as in pipeline files; "$${" stands for "${".
class Value {
 public:
  Value(const char* text) : toml_(quoted(text)) {}
  Value(const std::string& text) : toml_(quoted(text)) {}
  Value(std::string_view text) : toml_(quoted(text)) {}
  template <class T>
    requires(std::is_arithmetic_v<T>)
  Value(T value) {
    if constexpr (std::is_same_v<T, bool>) {
      toml_ = value ? "true" : "false";
    } else if constexpr (std::is_integral_v<T>) {
      toml_ = std::to_string(value);
    } else {
      toml_ = real(static_cast<double>(value));
    }
  }
  template <class T>
    requires(std::is_convertible_v<const T&, std::string_view> || std::is_arithmetic_v<T>)
  Value(const std::vector<T>& items) : toml_(list_of(items)) {}
  Value(std::initializer_list<const char*> texts) : toml_(list_of(texts)) {}
  Value(std::initializer_list<std::pair<std::string, Value>> table) : toml_(table_of(table)) {}
  Value(const std::vector<std::pair<std::string, Value>>& table) : toml_(table_of(table)) {}

  const std::string& toml() const { return toml_; }

  static std::string quoted(std::string_view text) {
    constexpr char kHex[] = "0123456789ABCDEF";
    std::string out = "\"";
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out += {'\\', c};
      } else if (byte < 0x20 || byte == 0x7f) {
        out += "\\u00";
        out += {kHex[byte / 16], kHex[byte % 16]};
      } else {
        out += c;
      }
    }
    return out + "\"";
  }
  template <class Items>
  static std::string list_of(const Items& items) {
    std::string out = "[";
    for (const auto& item : items) {
      out += (out.size() == 1 ? "" : ", ") + Value(item).toml_;
    }
    return out + "]";
  }
  template <class Pairs>
  static std::string table_of(const Pairs& pairs) {
    std::string out;
    for (const auto& [key, value] : pairs) {
      out += (out.empty() ? "{ " : ", ") + key_of(key) + " = " + value.toml_;
    }
    return out.empty() ? "{}" : out + " }";
  }

 private:
  static std::string key_of(const std::string& key) {
    const bool bare = std::all_of(key.begin(), key.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '-';
    });
    return bare && !key.empty() ? key : quoted(key);
  }
  static std::string real(double value) {
    char text[32];
    const std::string out(text, std::to_chars(text, text + sizeof text, value).ptr);
    return out.find_first_of(".en") == std::string::npos ? out + ".0" : out;
  }
  std::string toml_;
};

using Values = std::vector<std::pair<std::string, Value>>;

// Bytes: 8_GB, or as in pipeline files "8GB" (10^9), "8GiB" (2^30). 0: none said.
class Memory {
 public:
  Memory() = default;
  Memory(std::integral auto bytes) : text_(text_of(static_cast<std::uint64_t>(bytes))) {}
  Memory(const char* text) : text_(text) {}
  const std::string& text() const { return text_; }

 private:
  static std::string text_of(std::uint64_t bytes) {
    constexpr std::uint64_t kGB = 1'000'000'000;
    return bytes == 0         ? ""
           : bytes % kGB == 0 ? std::to_string(bytes / kGB) + "GB"
                              : std::to_string(bytes) + "B";
  }
  std::string text_;
};

namespace literals {
constexpr std::uint64_t operator""_KB(unsigned long long n) { return n * 1000u; }
constexpr std::uint64_t operator""_MB(unsigned long long n) { return n * 1000'000u; }
constexpr std::uint64_t operator""_GB(unsigned long long n) { return n * 1000'000'000u; }
constexpr std::uint64_t operator""_KiB(unsigned long long n) { return n << 10; }
constexpr std::uint64_t operator""_MiB(unsigned long long n) { return n << 20; }
constexpr std::uint64_t operator""_GiB(unsigned long long n) { return n << 30; }
using std::literals::chrono_literals::operator""h;
using std::literals::chrono_literals::operator""min;
using std::literals::chrono_literals::operator""s;
using std::literals::chrono_literals::operator""ms;
using std::literals::chrono_literals::operator""us;
}  // namespace literals

// Of one instance.
struct Resources {
  double num_cpus = 0;  // may be a fraction; 0: not reserved
  Memory memory{};      // no limit
  std::uint32_t num_gpus = 0;
};

// For operators that work on batches.
struct BatchOptions {
  std::uint32_t max = 0;  // records; 0: as the engine likes
  std::chrono::nanoseconds linger{0};
};

// What is not given is as in a pipeline file.
struct StageOptions {
  std::string id{};               // "" = after what the stage is
  std::uint32_t parallelism = 0;  // 0: that of the pipeline
  Resources resources{};
  std::string on_error{};  // "fail", "skip" or "dead_letter"
  BatchOptions batch{};
  bool may_block = false;  // the function sleeps or does I/O: each instance gets a thread
};

}  // namespace sage

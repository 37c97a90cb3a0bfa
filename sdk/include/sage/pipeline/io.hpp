// The sources and sinks in the box, for programs. Each names an operator of the plugin `io` and its
// options; what they mean is with the operators (sage schema io/file).
#pragma once

#include "members.hpp"
#include "value.hpp"

#include <optional>

namespace sage::io {

template <class S>
concept Connector = requires(const S& connector) {
  { connector.use() } -> std::convertible_to<std::string>;
  { connector.with() } -> std::same_as<Values>;
};
template <class S>
concept SourceConnector = Connector<S> && requires { typename S::Output; };
template <class S>
concept SinkConnector = Connector<S> && !SourceConnector<S>;

// A record that a stage with on_error "dead_letter" has rejected.
struct DeadLetter {
  std::string stage;
  std::int64_t instance = 0;
  std::string code;
  std::string message;
  Timestamp time;
  std::string record;  // as JSON
};
SAGE_RECORD(DeadLetter, stage, instance, code, message, time, record);

// What FileSource<Line>(path).format("lines") gives.
struct Line {
  std::string line;
};
SAGE_RECORD(Line, line);

// What GeneratorSource gives.
struct Generated {
  std::int64_t seq = 0;
  std::string key;
  double value = 0;
  Timestamp ts;
};
SAGE_RECORD(Generated, seq, key, value, ts);

// A file, the files of a directory, or those of a pattern: jsonl with the members of T, unless
// told.
template <class T>
class FileSource {
 public:
  using Output = T;
  FileSource(std::string path) : path_(std::move(path)) {}
  FileSource(const char* path) : path_(path) {}
  FileSource& format(std::string format) {
    format_ = std::move(format);
    return *this;
  }
  // Any other option of io/file.
  FileSource& option(const std::string& name, Value value) {
    more_.emplace_back(name, std::move(value));
    return *this;
  }

  std::string use() const { return "io/file"; }
  Values with() const {
    Values values{{"path", path_}, {"format", format_}};
    if (format_ == "jsonl" || format_ == "csv") {
      Values fields;
      for (const FieldSpec& field : field_specs<T>()) {
        fields.emplace_back(field.name, std::string(type_name(field.type)));
      }
      values.emplace_back("fields", fields);
    }
    values.insert(values.end(), more_.begin(), more_.end());
    return values;
  }

 private:
  std::string path_;
  std::string format_ = "jsonl";
  Values more_;
};

// Records that are made up, the same ones for every parallelism.
struct GeneratorSource {
  using Output = Generated;
  std::optional<std::int64_t> count{};  // without it there is no end
  double rate = 0;                      // a second, over all instances; 0: as fast as it goes
  std::int64_t seed = 1;
  std::int64_t keys = 1000;
  double skew = 0;  // exponent of Zipf's law; 0: all keys equally often

  std::string use() const { return "io/generator"; }
  Values with() const {
    Values values{{"seed", seed}, {"keys", keys}, {"skew", skew}};
    if (count) {
      values.emplace_back("count", *count);
    }
    if (rate != 0) {
      values.emplace_back("rate", rate);
    }
    return values;
  }
};

// Part files in a directory, there when the job has succeeded.
template <class T>
class FileSink {
 public:
  using Input = T;
  FileSink(std::string path) : path_(std::move(path)) {}
  FileSink(const char* path) : path_(path) {}
  // Any other option of io/file_sink.
  FileSink& option(const std::string& name, Value value) {
    more_.emplace_back(name, std::move(value));
    return *this;
  }

  std::string use() const { return "io/file_sink"; }
  Values with() const {
    Values values{{"path", path_}};
    values.insert(values.end(), more_.begin(), more_.end());
    return values;
  }

 private:
  std::string path_;
  Values more_;
};

// A line for each on standard output.
struct ConsoleSink {
  std::string format = "jsonl";
  std::string prefix{};

  std::string use() const { return "io/console"; }
  Values with() const {
    Values values{{"format", format}};
    if (!prefix.empty()) {
      values.emplace_back("prefix", prefix);
    }
    return values;
  }
};

struct NullSink {
  std::string use() const { return "io/null"; }
  Values with() const { return {}; }
};

}  // namespace sage::io

#include "progress.hpp"

#include "base/text.hpp"
#include "schema/option.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace sage::cli {
namespace {

constexpr double kWindowSeconds = 2;

std::string fixed(double n, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, n);
  return text;
}

// Two digits are what a rate is good for.
std::string rate_text(double rate) {
  if (rate >= 100) {
    const double unit = std::pow(10, std::floor(std::log10(rate)) - 1);
    rate = std::round(rate / unit) * unit;
  }
  return short_number(rate);
}

std::string seconds_text(double seconds) {
  return fixed(seconds, seconds >= 0.995 ? 1 : seconds >= 0.0995 ? 2 : 3) + " s";
}

std::string bytes_text(double bytes) {
  if (bytes < 1000)
    return fixed(bytes, 0) + " B";
  for (const char* unit : {" kB", " MB", " GB"}) {
    bytes /= 1000;
    if (bytes < 999.5)
      return fixed(bytes, bytes < 9.95 ? 1 : 0) + unit;
  }
  return fixed(bytes / 1000, 1) + " TB";
}

std::string counted(std::uint64_t n, const std::string& one) {
  return with_commas(n) + " " + one + (n == 1 ? "" : "s");
}

// What sources say of their input, in bytes.
struct Bytes {
  double read = 0;
  double total = 0;
  bool known = true;  // every source has told its size
};

Bytes bytes_of(const runtime::Report& report) {
  Bytes bytes;
  for (const runtime::StageReport& stage : report.stages) {
    if (stage.kind != SAGE_KIND_SOURCE)
      continue;
    double total = 0;
    for (const plugin::Metric& metric : stage.total.metrics) {
      if (metric.name == "read_bytes")
        bytes.read += static_cast<double>(metric.count);
      if (metric.name == "total_bytes")
        total += metric.value;
    }
    bytes.total += total;
    bytes.known = bytes.known && total > 0;
  }
  return bytes;
}

std::string destinations(const plan::Plan& plan) {
  std::vector<std::string> all;
  for (const plan::Stage& stage : plan.stages) {
    if (stage.op.info->kind != SAGE_KIND_SINK)
      continue;
    const schema::OptionValue* path = schema::find(stage.op.options, "path");
    const auto* text = path == nullptr ? nullptr : std::get_if<std::string>(&path->data);
    std::string name = text == nullptr ? stage.id : *text;
    if (std::find(all.begin(), all.end(), name) == all.end())
      all.push_back(std::move(name));
  }
  std::string out;
  for (const std::string& name : all)
    out += (out.empty() ? "" : ", ") + name;
  return out.empty() ? "no sink" : out;
}

std::string verb(const runtime::Report& report) {
  return report.state == runtime::JobState::kFinished ? "done" : std::string(name_of(report.state));
}

}  // namespace

std::string Progress::line(const runtime::Report& report) {
  past_.push_back({report.source_records(), runtime::busy_times(report)});
  while (past_.size() > 2 && past_.back().busy.seconds - past_[1].busy.seconds >= kWindowSeconds)
    past_.pop_front();
  const Moment& from = past_.front();
  const Moment& to = past_.back();
  const double span = to.busy.seconds - (past_.size() > 1 ? from.busy.seconds : 0);
  const auto records =
      static_cast<double>(past_.size() > 1 ? to.records - from.records : to.records);
  std::string line = short_number(static_cast<double>(to.records)) + " records, " +
                     rate_text(span > 0 ? records / span : 0) + "/s";
  const Bytes bytes = bytes_of(report);
  if (bytes.known && bytes.total > 0) {
    const double share = std::min(bytes.read / bytes.total, 1.0);
    line += ", " + fixed(100 * share, 0) + "% of " + bytes_text(bytes.total);
  } else if (bytes.read > 0) {
    line += ", " + bytes_text(bytes.read) + " read";
  }
  if (past_.size() == 1)
    return line;
  const auto limit = runtime::limited_by(plan_, from.busy, to.busy);
  return limit ? line + ", limited by " + *limit : line;
}

std::string resources_text(const runtime::Job& job) {
  const plan::Placement& executors = job.placement();
  std::string text = "executors: " + std::to_string(executors.shared);
  if (const std::uint32_t own = executors.count - executors.shared; own > 0)
    text += ", and one for each of " + counted(own, "instance") + " that may block";
  const runtime::MemoryBound bound = job.memory_bound();
  return text + "\nmemory: records take up at most " +
         bytes_text(static_cast<double>(bound.usual)) + " on their way (" +
         counted(bound.channels, "channel") +
         ") where no record has over 64 KiB and no call gives over 1 MiB, " +
         bytes_text(static_cast<double>(bound.largest)) +
         " where each gives 64 MiB; state and what plugins hold come on top";
}

std::string summary(const plan::Plan& plan, const runtime::Report& report) {
  const std::uint64_t records = report.source_records();
  const double rate = report.seconds > 0 ? static_cast<double>(records) / report.seconds : 0;
  std::string line = verb(report) + ": " + counted(records, "record") + " in " +
                     seconds_text(report.seconds) + " (" + rate_text(rate) + "/s)";
  if (report.state != runtime::JobState::kFinished && report.state != runtime::JobState::kStopped) {
    const bool half = report.error && report.error->code == "E0607";  // some sinks may have
    return half ? line : line + ", nothing committed";
  }
  line += ", " + counted(report.sink_records(), "row") + " to " + destinations(plan);
  std::uint64_t skipped = 0;
  std::uint64_t dead = 0;
  for (const runtime::StageReport& stage : report.stages) {
    skipped += stage.total.skipped;
    dead += stage.total.dead_lettered;
  }
  if (skipped > 0)
    line += ", " + with_commas(skipped) + " skipped";
  if (dead > 0)
    line += ", " + with_commas(dead) + " dead-lettered";
  return line;
}

}  // namespace sage::cli

// Handles to metric cells. Make them in the constructor or in open; without a host service for
// metrics they do nothing.
#pragma once

#include "ext/metrics.h"

#include <chrono>
#include <map>
#include <string>

namespace sage {

class Counter {
 public:
  Counter() = default;
  Counter(const sage_metrics_api* api, sage_metric* cell) : api_(api), cell_(cell) {}
  void add(std::uint64_t n = 1) {
    if (cell_ != nullptr) {
      api_->add(cell_, n);
    }
  }
  Counter& operator++() {
    add();
    return *this;
  }

 private:
  const sage_metrics_api* api_ = nullptr;
  sage_metric* cell_ = nullptr;
};

class Gauge {
 public:
  Gauge() = default;
  Gauge(const sage_metrics_api* api, sage_metric* cell) : api_(api), cell_(cell) {}
  void set(double value) {
    if (cell_ != nullptr) {
      api_->set(cell_, value);
    }
  }

 private:
  const sage_metrics_api* api_ = nullptr;
  sage_metric* cell_ = nullptr;
};

class Histogram {
 public:
  Histogram() = default;
  Histogram(const sage_metrics_api* api, sage_metric* cell) : api_(api), cell_(cell) {}
  // False: values go nowhere.
  explicit operator bool() const { return cell_ != nullptr; }
  void record(double value) {
    if (cell_ != nullptr) {
      api_->record(cell_, value);
    }
  }

  // Records the seconds from here to the end of the scope.
  class Timer {
   public:
    explicit Timer(Histogram& histogram) : histogram_(histogram) {}
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    ~Timer() {
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start_;
      histogram_.record(seconds.count());
    }

   private:
    Histogram& histogram_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  };
  [[nodiscard]] Timer time() { return Timer(*this); }

 private:
  const sage_metrics_api* api_ = nullptr;
  sage_metric* cell_ = nullptr;
};

class Metrics {
 public:
  explicit Metrics(sage_ctx* ctx)
      : ctx_(ctx),
        api_(static_cast<const sage_metrics_api*>(ctx->get_interface(ctx, SAGE_HOST_METRICS))) {}

  Counter counter(const char* name, const char* unit = nullptr, const char* help = nullptr) {
    return api_ == nullptr ? Counter() : Counter(api_, api_->counter(ctx_, name, unit, help));
  }
  Gauge gauge(const char* name, const char* unit = nullptr, const char* help = nullptr) {
    return api_ == nullptr ? Gauge() : Gauge(api_, api_->gauge(ctx_, name, unit, help));
  }
  Histogram histogram(const char* name, const char* unit = nullptr, const char* help = nullptr) {
    return api_ == nullptr ? Histogram() : Histogram(api_, api_->histogram(ctx_, name, unit, help));
  }
  // A histogram by name; handles are faster.
  void record(const std::string& name, double value) {
    auto found = by_name_.find(name);
    if (found == by_name_.end()) {
      const Histogram made = histogram(name.c_str());
      if (!made) {
        return;
      }
      found = by_name_.emplace(name, made).first;
    }
    found->second.record(value);
  }

 private:
  sage_ctx* ctx_;
  const sage_metrics_api* api_;
  std::map<std::string, Histogram> by_name_;
};

}  // namespace sage

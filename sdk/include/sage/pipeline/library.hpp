// A program as a library: SAGE_PIPELINE(env) { ... } makes the plugin that offers the pipeline and
// the operators of it. The body runs once in each process that loads the library.
#pragma once

#include "../ext/pipeline.h"
#include "environment.hpp"

namespace sage::detail {

using BuildPipeline = void (*)(LocalEnvironment&);

// What a program describes. Constant once it is made.
class Program {
 public:
  Program(const char* library, BuildPipeline build) : graph_(library) {
    try {
      LocalEnvironment env(graph_);
      build(env);
      toml_ = graph_.toml();
      fingerprint_ = graph_.fingerprint();
    } catch (const std::exception& e) {
      error_ = e.what();
    } catch (...) {
      error_ = "an exception of unknown type";
    }
  }
  Graph& graph() { return graph_; }
  sage_pipeline table() const {
    const bool distributed = graph_.config().execution_mode == ExecutionMode::distributed;
    return {sizeof(sage_pipeline), distributed ? SAGE_PIPELINE_DISTRIBUTED : 0, toml_.c_str(),
            error_.empty() ? nullptr : error_.c_str(), fingerprint_};
  }

 private:
  Graph graph_;
  std::string toml_;
  std::string error_;
  std::uint64_t fingerprint_ = 0;
};

class PipelineLibrary {
 public:
  PipelineLibrary(const char* id, const char* version, BuildPipeline build,
                  const void* (*get_factory)(const char*))
      : program_(id, build),
        table_(id, version, "A pipeline", program_.graph().take_operators()),
        plugin_(*table_.get()),
        pipeline_(program_.table()) {
    plugin_.get_factory = get_factory;
  }
  const sage_plugin* plugin() const { return &plugin_; }
  const void* factory(std::string_view id) const {
    return id == SAGE_FACTORY_PIPELINE ? &pipeline_ : nullptr;
  }

 private:
  Program program_;
  PluginTable table_;
  sage_plugin plugin_;
  sage_pipeline pipeline_;
};

}  // namespace sage::detail

// SAGE_PIPELINE_ID, the name of the library, is set by sage_add_pipeline.
#ifdef SAGE_PIPELINE_ID
#define SAGE_DETAIL_HAS_ID true
#else
#define SAGE_DETAIL_HAS_ID false
#define SAGE_PIPELINE_ID "unnamed"
#endif
#ifndef SAGE_PIPELINE_VERSION
#define SAGE_PIPELINE_VERSION "1.0.0"
#endif

#define SAGE_PIPELINE(env)                                                                       \
  static_assert(                                                                                 \
      SAGE_DETAIL_HAS_ID,                                                                        \
      "sage: build this with sage_add_pipeline(), or with -DSAGE_PIPELINE_ID='\"name\"'");       \
  static void sage_describe_pipeline(::sage::LocalEnvironment&);                                 \
  SAGE_NOTE(SAGE_PIPELINE_ID, SAGE_PIPELINE_VERSION);                                            \
  static const void* sage_pipeline_factory(const char* id);                                      \
  static const ::sage::detail::PipelineLibrary& sage_pipeline_library() {                        \
    static const ::sage::detail::PipelineLibrary kLibrary(                                       \
        SAGE_PIPELINE_ID, SAGE_PIPELINE_VERSION, sage_describe_pipeline, sage_pipeline_factory); \
    return kLibrary;                                                                             \
  }                                                                                              \
  static const void* sage_pipeline_factory(const char* id) {                                     \
    return sage_pipeline_library().factory(id);                                                  \
  }                                                                                              \
  extern "C" const sage_plugin* sage_plugin_main_v1(const sage_host* host) {                     \
    try {                                                                                        \
      const bool fits = host->abi_version >> 16 == SAGE_ABI_VERSION >> 16;                       \
      return fits ? sage_pipeline_library().plugin() : nullptr;                                  \
    } catch (...) {                                                                              \
      return nullptr;                                                                            \
    }                                                                                            \
  }                                                                                              \
  static void sage_describe_pipeline([[maybe_unused]] ::sage::LocalEnvironment& env)

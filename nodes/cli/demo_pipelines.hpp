#pragma once
// The pipelines of `sage demo`: the files of configs/pipelines/, put in by the build.

#include <string_view>

namespace sage::cli {

extern const std::string_view kWordcountPipeline;
extern const std::string_view kSessionsPipeline;

}  // namespace sage::cli
